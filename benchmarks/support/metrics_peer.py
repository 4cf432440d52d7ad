"""scikit-learn's AUROC and AP, and PRO as the MVTec evaluation computes it (all pixels sorted once), on maps that write-maps.mjs wrote."""
import json
import os
import sys
import time

import numpy as np
from scipy.ndimage import label
from sklearn.metrics import average_precision_score, roc_auc_score

file, count, size = sys.argv[1].rsplit(":", 2)
count, size = int(count), int(size)
raw = np.fromfile(file, np.uint8)
os.remove(file)
maps = raw[: count * size * size * 4].view(np.float32).reshape(count, size, size)
masks = raw[count * size * size * 4 :].reshape(count, size, size)


def overlap_area(limit=0.3):
    false_changes, overlap_changes, regions = np.zeros(maps.shape), np.zeros(maps.shape), 0
    normal = int((masks == 0).sum())
    for index, mask in enumerate(masks):
        labels, found = label(mask, structure=np.ones((3, 3)))
        regions += found
        false_changes[index][labels == 0] = 1 / normal
        for region in range(1, found + 1):
            overlap_changes[index][labels == region] = 1 / np.count_nonzero(labels == region)
    order = np.argsort(maps.ravel())[::-1]
    scores = maps.ravel()[order]
    rates = np.cumsum(false_changes.ravel()[order])
    overlaps = np.cumsum(overlap_changes.ravel()[order] / regions)
    last = np.append(np.diff(scores) != 0, True)
    rates, overlaps = np.concatenate([[0], rates[last]]), np.concatenate([[0], overlaps[last]])
    end = np.searchsorted(rates, limit)
    height = overlaps[end - 1] + (overlaps[end] - overlaps[end - 1]) * (limit - rates[end - 1]) / (rates[end] - rates[end - 1])
    return float(np.trapezoid(np.append(overlaps[:end], height), np.append(rates[:end], limit)) / limit)


start = time.perf_counter()
values = {
    "auroc": float(roc_auc_score(masks.ravel(), maps.ravel())),
    "ap": float(average_precision_score(masks.ravel(), maps.ravel())),
    "aupro": overlap_area(),
}
print(json.dumps({"peer": "scikit-learn and the MVTec procedure", "seconds": time.perf_counter() - start, "values": values}))
