"""Who gets which arm: buckets, allocation, exposure, epochs.

``bucket(salt, unit)`` is the whole of the randomness of copylab; everything else
here says who owns which bucket, and writes down who got what.
"""

from copylab.experiment.buckets import SLOTS, bucket

__all__ = ["SLOTS", "bucket"]
