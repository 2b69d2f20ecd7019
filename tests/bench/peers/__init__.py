"""Consilium beside the pipelines that people would otherwise assemble, one short adapter a system.

Run by ``make peers``: each system is measured by ``child.py`` in a process and a virtual environment of its own.
"""
