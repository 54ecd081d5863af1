"""The words for units: what is there, what can be added, and what cannot."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from guessmodel.errors import UnitError
from guessmodel.units import DIMENSIONLESS, compatible, define, factor, multiply, parse, vocabulary
from guessmodel.units.currencies import CURRENCIES
from guessmodel.units.vocabulary import find, meaning


def words() -> list[str]:
    """Every name and alias of units.txt."""
    text = Path(vocabulary.__file__).with_name("units.txt").read_text(encoding="utf-8")
    found = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, *others = (part.strip() for part in line.split("="))
            found += [name, *(other for other in others if other != "_")]
    return found


def test_every_word_is_there_once_and_reads_back() -> None:
    found = words()
    assert len(found) == len(set(found)) > 100
    for word in found:
        unit = parse(word)
        assert parse(str(unit)) == unit
        assert find(word) == str(unit)
        assert meaning(str(unit)).scale > 0


def test_no_word_is_a_number_suffix_or_an_endangered_noun() -> None:
    assert not {"k", "M", "T", "stone", "point", "t", "b", "bn", "to", "per"} & set(words())
    assert str(parse("B")) == "byte"  # so that "16 byte", never "16 B", is printed


@pytest.mark.parametrize("sign", ["$", "€", "£", "¥", "%", "‰", "USD", "EUR", "dollars", "CHF"])
def test_no_sign_or_money_makes_a_unit_that_no_one_means(sign: str) -> None:
    """Beside every word: a multiple is one, m and B and what signs touch are refused."""
    for word in [*words(), "k", "K", "M", "mn", "bn", "T"]:
        for text in (f"{word} {sign}", f"{sign} {word}"):
            try:
                unit = parse(text)
            except UnitError:
                continue
            multiple = word in ("thousand", "million", "billion", "trillion", "percent", "pct")
            assert multiple or (sign.isalpha() and word not in ("m", "mm", "B")), (text, unit)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("kUSD", "thousand USD"),
        ("MEUR", "million EUR"),
        ("mUSD", "million USD"),
        ("USDm", "million USD"),
        ("USDbn", "billion USD"),
        ("k", "thousand"),
        ("mn", "million"),
        ("bn", "billion"),
        ("m2", "m**2"),
        ("km3", "km**3"),
    ],
)
def test_what_is_short_for_something_is_written_out(name: str, meant: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(f"token/{name}")
    assert str(caught.value) == f"unknown unit '{name}'; write '{meant}'"
    assert str(parse(meant))


def test_two_words_written_as_one_are_a_unit_only_where_it_means_their_product() -> None:
    """kWh is kW times h, and mm is no m times m but written as SI does; there are no others."""
    products, others = set(), set()
    for a in words():
        for b in words():
            if b == "s" and a != "m":
                continue  # a plural
            if find(a + b) is None:
                continue
            unit = parse(a + b)
            same = compatible(unit, parse(f"{a}*{b}")) and factor(unit, parse(f"{a}*{b}")) == 1
            (products if same else others).add(a + b)
    assert products == {"Wh", "kWh", "MWh", "GWh", "TWh", "Ah", "mAh"}
    prefixed = {
        "hPa",
        "mg",
        "mmol",
        "mbar",
        "mohm",
        "mΩ",
        "mA",
        "mAh",
        "mL",
        "mN",
        "mV",
        "mW",
        "mWh",
    }
    assert others - CURRENCIES - prefixed == {"mm", "ms", "ppm", "ppms"}


def test_a_short_unit_takes_no_plural() -> None:
    assert str(parse("ms")) == "ms"
    for text in ("Ws", "gs", "GBs", "Js"):
        with pytest.raises(UnitError, match="unknown unit"):
            parse(text)


def test_threads_define_the_same_noun_once() -> None:
    names = [f"vocabularythread{i % 8}" for i in range(200)]

    def work(name: str) -> float:
        define(name)
        define(f"{name}dozen", equals=f"12 {name}")
        return factor(parse(f"{name}dozen/day"), parse(f"{name}/day"))

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(work, names)) == {12.0}


@pytest.mark.parametrize("suffix", ["K", "k", "M", "T"])
def test_number_suffixes_are_no_units(suffix: str) -> None:
    """But for K, kelvin, which is printed in full and refused where it could be a thousand."""
    if suffix == "K":
        assert str(parse("W/K")) == "W/kelvin"
        with pytest.raises(UnitError, match=r"write 'thousand token' or 'token\*K'"):
            parse("K token")
    else:
        with pytest.raises(UnitError, match=f"^unknown unit '{suffix}'"):
            parse(suffix)
    with pytest.raises(UnitError, match=f"^'{suffix}' cannot name a unit"):
        define(suffix)


def test_a_noun_can_be_defined_again_but_not_redefined() -> None:
    define("unitstestnoun")
    define("unitstestnoun")
    define("unitstestnouns")  # its plural is the same noun
    define("token")
    define("people")
    assert parse("unitstestnouns") == parse("unitstestnoun")
    assert not compatible(parse("unitstestnoun"), parse("token"))
    for name in ("day", "days", "kB", "percent", "s", "m", "million"):
        with pytest.raises(UnitError, match=f"^'{name}' is already another unit"):
            define(name)
    with pytest.raises(UnitError, match=r"^'unitstestnoun' is already another unit"):
        define("unitstestnoun", equals="12 token")


def test_plurals_of_defined_nouns() -> None:
    define("unittestfactory")
    define("unittestbox")
    define("unittestday")
    assert str(parse("unittestfactories/day")) == "unittestfactory/day"
    assert str(parse("unittestboxes/day")) == "unittestbox/day"
    assert str(parse("unittestdays/day")) == "unittestday/day"


def test_a_noun_whose_plural_exists_would_be_ambiguous() -> None:
    define("unittestthings")
    with pytest.raises(UnitError, match="its plural 'unittestthings' is one already"):
        define("unittestthing")


def test_derived_units() -> None:
    define("unittestegg")
    define("unittestdozen", equals="12 unittestegg")
    define("unittestdozen", "12 unittesteggs")
    define("unittestshift", equals="8 hours")
    define("unittestrate", equals="1.5e3 token/(node*day)")
    define("unittestpair", equals="2")
    define("unittestroot", equals="3 km**0.5")
    define("unittestroot", equals="3 km**0.5")
    assert factor(parse("unittestdozen/week"), parse("unittestegg/week")) == 12.0
    assert factor(parse("day"), parse("unittestshifts")) == 3.0
    assert factor(parse("unittestrate*node"), parse("token/day")) == 1500.0
    assert factor(parse("unittestpair"), DIMENSIONLESS) == 2.0
    assert parse("unittestpair").is_dimensionless
    assert multiply(parse("USD/unittestegg"), parse("unittestdozen")) == (parse("USD"), 12.0)
    with pytest.raises(UnitError, match=r"^'unittestdozen' is already another unit"):
        define("unittestdozen", equals="10 unittestegg")
    with pytest.raises(UnitError, match=r"^'unittestdozen' is already another unit"):
        define("unittestdozen")


@pytest.mark.parametrize("amount", ["0 day", "-1 day", "1e999 day"])
def test_derived_units_need_a_positive_amount(amount: str) -> None:
    with pytest.raises(UnitError):
        define("unittestnever", equals=amount)
    with pytest.raises(UnitError, match="unknown unit"):
        parse("unittestnever")


def test_derived_units_need_known_ones() -> None:
    with pytest.raises(UnitError, match="unknown unit 'unittestmissing'"):
        define("unittestnever", equals="12 unittestmissing")


@pytest.mark.parametrize("name", ["", "two words", "9lives", "a-b", "_hidden", "class", "per", 5])
def test_names_must_be_words(name: str) -> None:
    with pytest.raises(UnitError, match=r"cannot name a unit; choose one word such as 'widget'$"):
        define(name)


@pytest.mark.parametrize(
    ("one", "other", "times"),
    [
        # NIST Special Publication 811 (2008), appendix B.8, all exact.
        ("gallon", "litre", 3.785411784),
        ("imperial_gallon", "litre", 4.54609),
        ("barrel", "litre", 158.987294928),
        ("pound", "kg", 0.45359237),
        ("ounce", "g", 28.349523125),
        ("mile", "km", 1.609344),
        ("foot", "m", 0.3048),
        ("inch", "cm", 2.54),
        ("yard", "m", 0.9144),
        ("nautical_mile", "m", 1852),
        ("acre", "m**2", 4046.8564224),
        ("hectare", "km**2", 0.01),
        ("atm", "bar", 1.01325),
        ("bar", "kPa", 100),
        ("nm", "um", 0.001),
        ("L", "cm**3", 1000),
        ("V", "J/(A*s)", 1),
        ("ohm", "V/A", 1),
        ("Ω*A", "V", 1),
        ("kcal", "kJ", 4.184),
        ("Ah*V", "Wh", 1),
        ("percentage_point", "bp", 100),
        ("year", "quarters", 4),
        ("FTEs", "FTE", 1),
        ("QALYs/DALY", "QALY/DALY", 1),
    ],
)
def test_units_of_trade_and_science_have_their_exact_factors(
    one: str, other: str, times: float
) -> None:
    assert factor(parse(one), parse(other)) == pytest.approx(times, rel=1e-15)


def test_every_currency_is_a_dimension_of_its_own() -> None:
    for code in ("CAD", "INR", "CNY", "SEK", "BRL"):
        assert code in CURRENCIES
        assert meaning(str(parse(code))).dimension == ((f"[{code}]", 1),)
        assert not compatible(parse(code), parse("USD"))
    with pytest.raises(UnitError, match=r"^unknown unit 'kINR'; write 'thousand INR'$"):
        parse("kINR")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[("litr", "litre"), ("huor", "hour"), ("yaer", "year"), ("persom", "person")],
        *[("wek", "week"), ("milees", "mile"), ("accelerater", "accelerator"), ("tokns", "token")],
        *[("ticket", None), ("note", None), ("car", None), ("mold", None), ("MIR", None)],
    ],
)
def test_only_a_slip_of_the_finger_has_a_suggestion(typed: str, meant: str | None) -> None:
    hint = f" did you mean '{meant}'?" if meant else ""
    with pytest.raises(UnitError) as caught:
        parse(typed)
    way = f'gm.unit("{typed}") adds a new noun'
    assert str(caught.value) == f"unknown unit '{typed}';{hint} {way}"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tons", "unknown unit 'tons'; write 'tonne' (1000 kg), 'short_ton' (2000 pounds) or "),
        ("USD/t", "unknown unit 't'; write 'tonne'"),
        ("Mbps", "unknown unit 'Mbps'; write 'Mbit/s'"),
        ("W/m2K", "unknown unit 'm2K'; write '(m**2*K)'"),
        ("Nm", "unknown unit 'Nm'; write 'N*m'"),  # no 'nm', which is a billion times smaller
        ("gadgets", "unknown unit 'gadgets'; gm.unit(\"gadget\") adds a new noun"),
        ("glass", 'gm.unit("glass") adds a new noun'),
        ("virus", 'gm.unit("virus") adds a new noun'),
        ("person-days", "cannot read the unit 'person-days': write 'person*days'"),
        ("kg m-3", "cannot read the unit 'kg m-3': write 'kg m**-3'"),
        ("percent-per-year", "cannot read the unit 'percent-per-year': write 'percent/year'"),
        ("% p.a.", "cannot read the unit '% p.a.': write '% per annum'"),
        ("$'000", "cannot read the unit \"$'000\": write 'thousand $'"),
        ("MtCO2e", "unknown unit 'MtCO2e'; write 'million tonne'"),
        ("MWh/MWp", "unknown unit 'MWp'; write 'MW'"),
        ("EUR/bbl", "unknown unit 'bbl'; write 'barrel'"),
        ("knots", "unknown unit 'knots'; write 'nautical_mile/hour'"),
        ("ct/kWh", "unknown unit 'ct'; write 'cent'"),
        ("gal", "unknown unit 'gal'; write 'gallon' (US) or 'imperial_gallon'"),
        ("ppm/degC", "write 'ppm/delta_degC', with differences"),
        ("W/(m**2*degC)", "write 'W/(delta_degC*m**2)', with differences"),
    ],
)
def test_what_others_write_is_told(text: str, told: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse(text)
    assert told in str(caught.value)
    for offered in re.findall(r"write '([^']+)'", str(caught.value)):
        assert parse(offered)


@pytest.mark.parametrize(
    ("one", "other", "size"),
    [
        ("short_ton", "kg", 907.18474),  # NIST SP 811, appendix B.8
        ("long_ton", "kg", 1016.0469088),
        ("psi", "Pa", 6894.757293168362),
        ("rpm", "Hz", 1 / 60),
        ("farad*V**2", "J", 1),
        ("henry*A**2", "J", 1),
        ("tesla*A*m**2", "J", 1),
        ("coulomb*V", "J", 1),
        ("ppb", "ppm", 1e-3),
    ],
)
def test_sizes_of_units(one: str, other: str, size: float) -> None:
    assert factor(parse(one), parse(other)) == pytest.approx(size, rel=1e-12)


def test_kelvin_beside_all_other_units_are_kelvin() -> None:
    """A multiple stands alone before a unit, and K after a sign is never one."""
    for word in {str(parse(word)) for word in words()}:
        if parse(word).is_absolute:
            continue
        for text in (f"{word}*K", f"W/({word}*K)", f"W/({word}**2*K)", f"K/{word}"):
            assert "kelvin" in str(parse(text)) or word in ("kelvin", "delta_degC"), text
