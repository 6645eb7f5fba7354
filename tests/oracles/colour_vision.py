"""How colours look: to every eye, to colour-blind ones, printed grey; and how far apart.

Contrast as WCAG 2.2 defines it; difference as CIEDE2000; colour blindness as Machado, Oliveira
and Fernandes (2009) simulate it at full severity, on linear light.
"""

from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

Colour = tuple[float, float, float]
Matrix = tuple[Colour, Colour, Colour]

GREY = (0.2126, 0.7152, 0.0722)
SEEN: dict[str, Matrix] = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
    "printed grey": (GREY, GREY, GREY),
}


def light_of(colour: str) -> Colour:
    """Linear light of "#rrggbb"."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return r, g, b


def luminance(colour: str) -> float:
    """Relative luminance, 0 to 1."""
    return sum(part * share for part, share in zip(light_of(colour), GREY, strict=True))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def difference(one: str, other: str, eyes: str = "all colours") -> float:
    """How far apart two colours look to these eyes, in CIEDE2000."""
    return ciede2000(_lab(_seen(one, SEEN[eyes])), _lab(_seen(other, SEEN[eyes])))


def _seen(colour: str, matrix: Matrix) -> Colour:
    light = light_of(colour)
    r, g, b = (min(1.0, max(0.0, sum(m * v for m, v in zip(row, light, strict=True)))) for row in matrix)
    return r, g, b


def _lab(light: Colour) -> Colour:
    r, g, b = light
    x = (0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047
    y = 0.2126729 * r + 0.7151522 * g + 0.0721750 * b
    z = (0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883

    def root(t: float) -> float:
        return t ** (1 / 3) if t > 216 / 24389 else (24389 / 27 * t + 16) / 116

    return 116 * root(y) - 16, 500 * (root(x) - root(y)), 200 * (root(y) - root(z))


def ciede2000(one: Colour, other: Colour) -> float:
    """The difference of two colours of CIELAB (Sharma, Wu and Dalal 2005, their steps)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    middle = ((hypot(a1, b1) + hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - sqrt(middle / (middle + 25.0**7)))
    c1, c2 = hypot(a1 * stretch, b1), hypot(a2 * stretch, b2)
    h1, h2 = (degrees(atan2(b, a * stretch)) % 360 if a or b else 0.0 for a, b in ((a1, b1), (a2, b2)))
    turn = h2 - h1 if c1 * c2 else 0.0
    turn += 360 * ((turn < -180) - (turn > 180))
    light, chroma = l2 - l1, c2 - c1
    hue = 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    level, colourful = (l1 + l2) / 2, (c1 + c2) / 2
    angle = h1 + h2
    if c1 * c2:
        far = abs(h1 - h2) > 180
        angle = (angle + (360 if angle < 360 else -360) * far) / 2
    weight = (
        1
        - 0.17 * cos(radians(angle - 30))
        + 0.24 * cos(radians(2 * angle))
        + 0.32 * cos(radians(3 * angle + 6))
        - 0.20 * cos(radians(4 * angle - 63))
    )
    twist = 60 * exp(-(((angle - 275) / 25) ** 2))  # degrees: twice the paper's 30
    turned = -sin(radians(twist)) * 2 * sqrt(colourful**7 / (colourful**7 + 25.0**7))
    light /= 1 + 0.015 * (level - 50) ** 2 / sqrt(20 + (level - 50) ** 2)
    chroma /= 1 + 0.045 * colourful
    hue /= 1 + 0.015 * colourful * weight
    return sqrt(light**2 + chroma**2 + hue**2 + turned * chroma * hue)
