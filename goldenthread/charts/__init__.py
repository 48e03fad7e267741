"""How figures are drawn: one function per kind of chart, one template, every chart with its words."""

from goldenthread.charts.chart import Chart
from goldenthread.charts.strip import strip
from goldenthread.charts.trend import trend

__all__ = ["Chart", "strip", "trend"]
