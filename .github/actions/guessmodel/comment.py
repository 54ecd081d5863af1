"""Write one comment on a pull request, or change the one that is there: comment.py FILE NUMBER, or
comment.py FILE OWNER:BRANCH COMMIT for the open one whose head that commit is; nothing where there
is none any more.

The text may come from a fork: it is data, mentions nobody, and is cut where it is too long.
"""

import json
import os
import sys
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

MARK = "<!-- guessmodel -->"
LONGEST = 60_000  # characters; the service takes 65,536
PAGES = 30


def call(method: str, path: str, data: dict[str, str] | None = None) -> Any:
    api = os.environ.get("GITHUB_API_URL", "https://api.github.com")
    request = urllib.request.Request(
        f"{api}/repos/{os.environ['GITHUB_REPOSITORY']}/{path}",
        method=method,
        data=None if data is None else json.dumps(data).encode(),
        headers={
            "Authorization": f"Bearer {os.environ['GITHUB_TOKEN']}",
            "Accept": "application/vnd.github+json",
            "Content-Type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def existing(number: int) -> int | None:
    """The comment that an earlier run has written: only those of bots are looked at."""
    for page in range(1, PAGES + 1):
        comments = call("GET", f"issues/{number}/comments?per_page=100&page={page}")
        for comment in comments:
            if comment["user"]["type"] == "Bot" and comment["body"].startswith(MARK):
                return int(comment["id"])
        if len(comments) < 100:
            break
    return None


def number_of(head: str, commit: str) -> int | None:
    """The open pull request from a branch (`owner:branch`) that is at a commit: what the service
    says, not the artifact."""
    query = urllib.parse.urlencode({"state": "open", "head": head})
    for pull in call("GET", f"pulls?{query}"):
        if pull["head"]["sha"] == commit:
            return int(pull["number"])
    return None


def main() -> None:
    text = Path(sys.argv[1]).read_text(encoding="utf-8", errors="replace")
    number = int(sys.argv[2]) if len(sys.argv) < 4 else number_of(*sys.argv[2:4])
    if number is None:
        print("no open pull request is at this commit: no comment")
        return
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]}\n\n… (the whole text is in the summary of the job)"
    nobody = text.replace("@", "@\u200b")  # a space of no width: mentions nobody
    body = {"body": f"{MARK}\n{nobody}"}
    known = existing(number)
    if known is None:
        call("POST", f"issues/{number}/comments", body)
    else:
        call("PATCH", f"issues/comments/{known}", body)


if __name__ == "__main__":
    main()
