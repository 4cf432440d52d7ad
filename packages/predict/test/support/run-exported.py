"""Runs an exported model on raw pictures with onnxruntime and nothing of im-iad: what a user's own program does.

python3 run-exported.py MODEL.onnx FOLDER     reads FOLDER/pictures.json, writes FOLDER/<name>.map and prints the scores
"""

import json
import pathlib
import sys

import numpy
import onnxruntime

model, folder = sys.argv[1], pathlib.Path(sys.argv[2])
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
scores = []
for picture in json.loads((folder / "pictures.json").read_text()):
    pixels = numpy.fromfile(folder / f"{picture['name']}.rgb", numpy.uint8)
    image = pixels.reshape(1, picture["height"], picture["width"], 3)
    score, anomaly_map = session.run(["score", "map"], {"image": image})
    scores.append(float(score[0]))
    anomaly_map.tofile(folder / f"{picture['name']}.map")
print(json.dumps(scores))
