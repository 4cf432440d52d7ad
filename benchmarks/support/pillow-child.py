"""Decodes, resizes and normalises pictures with Pillow and NumPy: a JSON list of paths comes in on each line, the seconds it took go out."""

import io
import json
import sys
import time

import numpy
import PIL
from PIL import Image

MEAN = numpy.array([0.485, 0.456, 0.406], numpy.float32)
DEVIATION = numpy.array([0.229, 0.224, 0.225], numpy.float32)

print(PIL.__version__, flush=True)
for line in sys.stdin:
    contents = []
    for path in json.loads(line):
        with open(path, "rb") as file:
            contents.append(file.read())
    start = time.perf_counter()
    for content in contents:
        image = Image.open(io.BytesIO(content)).convert("RGB").resize((256, 256), Image.Resampling.BILINEAR)
        pixels = numpy.asarray(image, numpy.float32) / 255
        numpy.ascontiguousarray(((pixels - MEAN) / DEVIATION).transpose(2, 0, 1))
    print(time.perf_counter() - start, flush=True)
