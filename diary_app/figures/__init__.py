"""Figures of one patient's period: computed once as shapes, drawn as SVG or on a Flet canvas.

``timeline.timeline`` lays out, ``svg.to_svg`` and ``canvas.to_canvas`` draw, ``words.summary``
and ``rows.as_table`` say the same without a picture.
"""
