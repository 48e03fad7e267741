"""How figures are drawn: one function per kind of chart, one template, every chart with its words."""

from goldenthread.charts.bars import bars
from goldenthread.charts.chart import Chart
from goldenthread.charts.funnel import funnel
from goldenthread.charts.hexmap import hexmap
from goldenthread.charts.multiples import multiples
from goldenthread.charts.pyramid import pyramid
from goldenthread.charts.slope import slope
from goldenthread.charts.spine import spine
from goldenthread.charts.strip import strip, swarm
from goldenthread.charts.trend import trend
from goldenthread.charts.xmr import xmr

__all__ = [
    "Chart",
    "bars",
    "funnel",
    "hexmap",
    "multiples",
    "pyramid",
    "slope",
    "spine",
    "strip",
    "swarm",
    "trend",
    "xmr",
]
