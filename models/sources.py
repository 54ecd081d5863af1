"""The documents that the models rest on, and how a quantity or a claim cites them.

A document called with the place in it gives the text for `source=`: `cottier("note 32")` is
"Cottier (2022), note 32", and `cottier("note 38", leopold, barr)` adds what is cited there. What
the documents do not state is ours: such a source begins with "inferred:" and gives the reasoning.

Why claims say `guesstimate_interval=`: the estimates of Cottier's text come from sheets in
Guesstimate. These display the mean, and below it not the 5th and the 95th percentile: the draws
are split at their mean, and the interval runs from the 10th percentile of the lower part to the
90th of the upper part. The text calls it a 90% confidence interval, but for skewed quantities the
two differ widely: no lognormal's 95th percentile is more than 3.87 times its mean, and the
published upper ends reach nine times the centre. So a figure that was probably read off a sheet
is held to the sheet's rule, and one that the author set by hand to the 5th and 95th percentile.
The insides of the sheets are not published; only these displays are.

What a phrase of a document means is settled here, once for all claims.

- A single figure is a mean. Cottier's are those of sheets, and so a ratio that the text draws from
  two of them is the ratio of their means, "my best guess" and "in my median scenario" included, for
  the sheets display no median. Those of SoerenMind and of the discussion below it are products of
  round numbers, each a best guess, and those of Villalobos and Atkinson are read off curves: a
  product of means is the mean of the product, and no other statistic has that property. Where a
  text says "median", a claim on the true median stands beside the mean.
- A range is the 5th and the 95th percentile ("1 to 2 OOM", "tens to hundreds", which is 10 to
  1000), but for the displays of sheets, as above. Of what a table publishes without a range it is
  what every value lies in.
- A bound ("well under", "at least", "or more") is held by the far end of what is uncertain, where
  the text is sure, and by the mean, where it speaks of an estimate.
- "About" is the rounding of the figure, or, with a note, as much as the source's own figures need.
  "Comparable" and "close to", without a figure, are half an order of magnitude either way, and so
  is "an order of magnitude" about ten.
- "May not" and "I'm not sure I expect" are a probability below one half; "implausible" and "seems
  sufficient" one of at most 5% and at least 95%.
- A best guess with an interval that no sheet displays (the talent pool, the accuracies) was judged
  by hand, and is read as 5%, 50% and 95%. Put in as one distribution it is an echo, which tests
  nothing and is not counted; what is compared with it is compared by the same three.
"""

from dataclasses import dataclass
from typing import final

__all__ = [
    "IN_VIEW",
    "PUBLISHED",
    "REFERENCES",
    "Reference",
    "barr",
    "bigscience",
    "brown",
    "buchanan",
    "cottier",
    "hoffmann",
    "leopold",
    "patterson",
    "soerenmind",
    "villalobos",
    "zhang",
    "ziegler",
]


PUBLISHED = "as published"
"""Name of the scenario that reproduces a source's own figures."""
IN_VIEW = "inferred: chosen with the published figures in view, so that these follow"
"""Source of what that scenario puts in the place of inferred inputs."""


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """A document. Calling it with a section or note gives the text of a citation."""

    short: str
    date: str
    title: str
    where: str

    def __str__(self) -> str:
        return f"{self.short}. {self.title}. {self.where}, {self.date}."

    def __call__(self, place: str, *cited: "Reference") -> str:
        """The place in the document, and what it cites there."""
        citing = f", citing {' and '.join(other.short for other in cited)}" if cited else ""
        return f"{self.short}, {place}{citing}"


# The three documents that the models reproduce.
soerenmind = Reference(
    "SoerenMind (2021)",
    "23 October 2021",
    "Inference cost limits the impact of ever larger models",
    "LessWrong, with the discussion below it",
)
cottier = Reference(
    "Cottier (2022)",
    "21 December 2022, corrected 25 February 2023",
    "GPT-3-like models are now much easier to access and deploy than to develop",
    "Rethink Priorities",
)
villalobos = Reference(
    "Villalobos and Atkinson (2023)",
    "28 July 2023",
    "Trading off compute in training and inference",
    "Epoch AI",
)

# What these cite, or what an inferred input rests on.
barr = Reference(
    "Barr (2019)",
    "2019",
    "Amazon EC2 update: Inf1 instances with AWS Inferentia chips",
    "AWS News Blog",
)
bigscience = Reference(
    "BigScience (2022)",
    "2022",
    "BLOOM: a 176B-parameter open-access multilingual language model",
    "announcement and model card, Hugging Face",
)
brown = Reference(
    "Brown et al. (2020)",
    "2020",
    "Language models are few-shot learners",
    "arXiv:2005.14165",
)
buchanan = Reference(
    "Buchanan et al. (2021)",
    "2021",
    "Truth, lies, and automation: how language models could change disinformation",
    "Center for Security and Emerging Technology",
)
hoffmann = Reference(
    "Hoffmann et al. (2022)",
    "2022",
    "Training compute-optimal large language models",
    "arXiv:2203.15556",
)
leopold = Reference(
    "Leopold (2019)",
    "2019",
    "AWS to offer Nvidia's T4 GPUs for AI inferencing",
    "HPCwire",
)
patterson = Reference(
    "Patterson et al. (2022)",
    "2022",
    "The carbon footprint of machine learning training will plateau, then shrink",
    "Computer 55 (7)",
)
zhang = Reference(
    "Zhang et al. (2022)",
    "2022",
    "OPT: open pre-trained transformer language models",
    "arXiv:2205.01068",
)
ziegler = Reference(
    "Ziegler et al. (2022)",
    "2022",
    "Productivity assessment of neural code completion",
    "arXiv:2205.06537",
)

REFERENCES = (
    soerenmind,
    cottier,
    villalobos,
    barr,
    bigscience,
    brown,
    buchanan,
    hoffmann,
    leopold,
    patterson,
    zhang,
    ziegler,
)
"""All of them, for lists of references."""
