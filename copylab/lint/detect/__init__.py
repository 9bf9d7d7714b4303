"""Detections: the ways in which a rule of a pack finds what it is about, one a file.

A detection is data, read from an entry of a pack. ``find`` gives what is wrong with words,
``lacks`` names what is not declared and would be needed to tell.
"""
