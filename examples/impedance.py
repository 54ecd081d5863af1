"""Resistance and reactance of a circuit element from voltage, current and phase.

Example H.2 of the GUM (JCGM 100:2008): the three were read together five times, so that their means
are correlated.
"""

import numpy as np

import guessmodel as gm

gum = "JCGM 100:2008, example H.2"
read = np.array(
    [
        [5.007, 4.994, 5.005, 4.990, 4.999],  # V
        [19.663, 19.639, 19.640, 19.685, 19.678],  # mA
        [1.0456, 1.0438, 1.0468, 1.0428, 1.0433],  # rad
    ]
)
means = gm.multivariate_normal(
    dict(zip(["voltage", "current", "phase"], read.mean(axis=1), strict=True)),
    {"voltage": "V", "current": "mA", "phase": None},
    cov=np.cov(read) / 5,
    source=gum,
)
voltage = means["voltage"]
"""Amplitude of the voltage across the element."""
current = means["current"]
"""Amplitude of the current through it."""
phase = means["phase"]
"""Phase of the voltage against the current, in radians."""

impedance = (voltage / current).to("ohm")
resistance = impedance * gm.cos(phase)
reactance = impedance * gm.sin(phase)

published = {  # table H.3
    resistance: ("127.732 ohm", "0.071 ohm"),
    reactance: ("219.847 ohm", "0.295 ohm"),
    impedance: ("254.260 ohm", "0.236 ohm"),
}
for quantity, (mean, sd) in published.items():
    gm.claim(quantity, mean=mean, source=gum)
    gm.claim(quantity, sd=sd, rtol=0.005, source=gum)
    gm.headline(quantity, statistics=("mean", "sd"), percentiles=(2.5, 97.5))
