"""No deadline for single examples: the first one may import SciPy, and CI machines stall."""

from hypothesis import settings

settings.register_profile("guessmodel", deadline=None)
settings.load_profile("guessmodel")
