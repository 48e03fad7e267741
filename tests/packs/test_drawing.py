"""The pictures, by what can be told of their pixels and of their words."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageColor, ImageFont

from goldenthread import kpis, workbench
from goldenthread.charts import template
from goldenthread.packs import drawing
from tests.packs import made


def _image(picture):
    return Image.open(io.BytesIO(picture.png)).convert("RGB")


def _near(image, colour):
    """Count pixels of a colour; a palette shifts it a little."""
    wanted = ImageColor.getrgb(colour)
    counts = image.getcolors(1 << 24)
    return sum(n for n, has in counts if max(abs(a - b) for a, b in zip(has, wanted)) <= 12)


def test_a_control_chart_has_its_points_limits_and_target_on_white_paper():
    picture = drawing.draw(
        kpis.control_chart(made.northmere(), "Calls answered within two minutes")
    )
    image = _image(picture)
    assert image.size == picture.size
    assert image.getpixel((0, 0)) == (255, 255, 255)
    assert _near(image, template.COUNCIL) > 1000
    assert _near(image, template.TARGET) > 1000


def test_points_of_a_signal_have_another_shape_and_colour():
    name = "Adults’ care plans reviewed within a year"
    image = _image(drawing.draw(kpis.control_chart(made.northmere(), name)))
    assert _near(image, template.CONCERNING) > 300


def test_a_trend_has_the_band_of_others_and_a_gap_stays_a_gap():
    image = _image(drawing.draw(workbench.trend("household-recycling-rate", "Hull")))
    assert _near(image, template.BAND) > 10_000
    assert drawing._runs([(0, 0), None, (1, 1), (2, 2)]) == [[(0, 0)], [(1, 1), (2, 2)]]


def test_dashes_go_along_the_whole_line():
    pieces = drawing._pieces([(0.0, 0.0), (6.0, 0.0), (10.0, 0.0)], [4.0, 3.0])
    assert pieces == [[(0.0, 0.0), (4.0, 0.0)], [(7.0, 0.0), (10.0, 0.0)]]


def test_without_any_font_of_the_machine_pounds_are_still_pounds(monkeypatch):
    monkeypatch.setattr(drawing, "_FONTS", ())
    drawing._font.cache_clear()
    try:
        font = drawing._font(14)
        assert drawing._writable("£1,200 – 45%", font) == "GBP 1,200 - 45%"
    finally:
        drawing._font.cache_clear()


@pytest.mark.parametrize("text", ["£1,200", "Average 5.0%"])
def test_a_font_of_the_machine_writes_as_it_is(text):
    try:
        font = ImageFont.truetype("DejaVuSans.ttf", 20)
    except OSError:
        pytest.skip("no such font on this machine")
    assert drawing._writable(text, font) == text
