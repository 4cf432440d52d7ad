"""Training steps in PyTorch: train_step_peer.py FOLDER THREADS. Each line of input asks for steps; the answer holds their seconds and losses."""
import json
import resource
import sys
import time

import torch
from residual_network import load, read_safetensors

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
net = load((2, 2, 2), 0, f"{folder}/weights.safetensors").train()
images = read_safetensors(f"{folder}/images-8.safetensors")["images"].permute(0, 3, 1, 2).contiguous()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-4)
print(json.dumps({"version": f"PyTorch {torch.__version__}"}), flush=True)
for line in sys.stdin:
    seconds, losses = [], []
    steps, used = json.loads(line)["steps"], time.process_time()
    for _ in range(steps):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        loss = (net(images)[2] ** 2).mean()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    processor = (time.process_time() - used) / steps
    print(json.dumps({"seconds": seconds, "processor": processor, "losses": losses, "peakMegabytes": peak}), flush=True)
