"""Who gets which arm: buckets, allocation, exposure, epochs."""
