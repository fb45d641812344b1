#!/usr/bin/env python3
"""Writes the small checkpoint files of this folder. Needs NumPy and PyTorch (1.13 made the committed ones).

Every tensor holds values that follow from its index, so that the tests need no second file:
element i of tensor number n is (i % 64 - 20) * 0.25 + n, exact in every floating-point type used."""
import os
import struct
from collections import OrderedDict

import numpy as np
import torch

HERE = os.path.dirname(os.path.abspath(__file__))


def path(name):
    return os.path.join(HERE, name)


def values(shape, number, dtype=np.float32):
    count = int(np.prod(shape, dtype=np.int64))
    return ((np.arange(count) % 64 - 20) * 0.25 + number).astype(dtype).reshape(shape)


def npy():
    np.save(path("f4.npy"), values((2, 3, 4), 0))
    np.save(path("f4_fortran.npy"), np.asfortranarray(values((2, 3, 4), 0)))
    np.save(path("f4_big.npy"), values((2, 3, 4), 0, ">f4"))
    np.save(path("f8_big_fortran.npy"), np.asfortranarray(values((3, 5), 1, ">f8")))
    np.save(path("f2.npy"), values((5,), 2, np.float16))
    np.save(path("scalar_f8.npy"), np.float64(2.5))
    np.save(path("empty.npy"), np.zeros((0, 3), np.float32))
    for name, dtype in [("i1", "i1"), ("i2", ">i2"), ("i4", "i4"), ("i8", "i8"), ("u1", "u1")]:
        np.save(path(name + ".npy"), np.arange(6).reshape(2, 3).astype(dtype))
    np.save(path("b1.npy"), np.array([True, False, True]))
    np.save(path("object.npy"), np.array([{}, None], dtype=object), allow_pickle=True)
    for version in (2, 3):
        with open(path("v%d.npy" % version), "wb") as f:
            np.lib.format.write_array(f, values((2, 3), 3), version=(version, 0))


def npz():
    arrays = {"conv1/7x7_s2.weight": values((4, 3, 2, 2), 0), "conv1/7x7_s2.bias": values((4,), 1), "step": np.array(7, np.int64)}
    np.savez(path("stored.npz"), **arrays)
    np.savez_compressed(path("deflated.npz"), **arrays)
    # The same members behind a zip64 directory end (APPNOTE 4.3.14), as files of over 65535 members or 4 GiB have it.
    plain = open(path("stored.npz"), "rb").read()
    end = plain.rindex(b"PK\5\6")
    count, length, offset = struct.unpack("<HII", plain[end + 10:end + 20])
    end64 = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 45, 45, 0, 0, count, count, length, offset)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, end, 1)
    last = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with open(path("zip64.npz"), "wb") as f:
        f.write(plain[:end] + end64 + locator + last)


def state():
    out = OrderedDict()
    out["conv.weight"] = torch.from_numpy(values((4, 3, 2, 2), 0))
    out["conv.bias"] = torch.from_numpy(values((4,), 1))
    out["bn.num_batches_tracked"] = torch.tensor(7, dtype=torch.int64)
    out["half"] = torch.from_numpy(values((3, 2), 2)).half()
    out["bfloat"] = torch.from_numpy(values((3, 2), 3)).bfloat16()
    out["double"] = torch.from_numpy(values((3, 2), 4)).double()
    out["transposed"] = torch.from_numpy(values((3, 5), 5).T.copy()).t()
    # Two views into one storage, the second with a gap between its rows.
    base = torch.from_numpy(values((6, 4), 6))
    out["view"] = base[2:4]
    out["columns"] = base[:, 1:3]
    out["mask"] = torch.tensor([True, False, True])
    out["bytes"] = torch.arange(5, dtype=torch.uint8)
    out["parameter"] = torch.nn.Parameter(torch.from_numpy(values((2, 2), 7)))
    out["none"] = torch.zeros(0, 3)
    return out


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(2, 3, 1)
        self.bn = torch.nn.BatchNorm2d(3)
        for number, p in enumerate(self.state_dict().values()):
            p.copy_(torch.from_numpy(values(tuple(p.shape), number)))


def checkpoint():
    sgd = torch.optim.SGD(Net().parameters(), lr=0.1, momentum=0.9)
    return {"epoch": 12, "best_prec1": 91.25, "arch": "net", "best": torch.tensor(3.5), "args": None, "big": 1 << 80,
            "raw": b"\x00\xff", "set": {1, 2}, "shape": torch.Size([1, 2]), "dtype": torch.float16,
            "optimizer": sgd.state_dict(), "state_dict": OrderedDict(("module." + k, v) for k, v in Net().state_dict().items()),
            "ema": Net().state_dict()}


def torch_files():
    torch.save(state(), path("state.pth"))
    torch.save(state(), path("state_legacy.pth"), _use_new_zipfile_serialization=False)
    for protocol in (2, 3, 4, 5):
        torch.save(checkpoint(), path("checkpoint_p%d.pth" % protocol), pickle_protocol=protocol)
    torch.save(checkpoint(), path("checkpoint_legacy.pth"), _use_new_zipfile_serialization=False)
    torch.save(Net(), path("module.pth"))


def safetensors():
    # Written out by hand, as the format's description has it.
    a, b = values((2, 3), 0).tobytes(), values((3,), 1, np.float16).tobytes()
    header = ('{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},'
              '"b":{"dtype":"F16","shape":[3],"data_offsets":[24,30]}}').encode()
    header += b" " * (-len(header) % 8)
    with open(path("two.safetensors"), "wb") as f:
        f.write(struct.pack("<Q", len(header)) + header + a + b)


if __name__ == "__main__":
    npy()
    npz()
    torch_files()
    safetensors()
