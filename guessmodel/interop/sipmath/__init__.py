"""SIPmath 3.0 libraries: distributions as coefficients of metalogs, joined by a copula."""
