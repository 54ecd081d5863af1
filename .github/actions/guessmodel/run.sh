#!/usr/bin/env bash
# Check, compare and report into $OUT: comment.md and pages. The outcome goes to the summary and,
# as `status`, to the outputs of the step, which itself fails only if it cannot run.
set -uo pipefail
mkdir -p "$OUT"
status=0

guessmodel check "$MODELS" --markdown >"$OUT/comment.md" || status=$?

if [ -n "$BASE" ]; then
  git fetch -q --depth=1 origin -- "$BASE"
  said=$OUT/said
  guessmodel compare "FETCH_HEAD:$MODELS" "$MODELS" --markdown \
    ${FAIL_ON:+--fail-on "$FAIL_ON"} >"$OUT/compared.md" 2>"$said"
  code=$?
  { echo; cat "$OUT/compared.md"; } >>"$OUT/comment.md"
  if [ "$code" -eq 2 ]; then # the base may not have the models yet
    { echo; echo "Not compared with the base branch:"; echo; sed 's/^/    /' "$said"; } >>"$OUT/comment.md"
  elif [ "$code" -ne 0 ]; then
    { echo; sed 's/^/    /' "$said"; } >>"$OUT/comment.md"
    status=$code
  fi
  cat "$said" >&2
  rm -f "$OUT/compared.md" "$said"
fi

guessmodel report "$MODELS" -o "$OUT/pages" >/dev/null || status=$?
cat "$OUT/comment.md" >>"$GITHUB_STEP_SUMMARY"
echo "status=$status" >>"$GITHUB_OUTPUT"
