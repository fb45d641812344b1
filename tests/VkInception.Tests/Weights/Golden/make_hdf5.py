#!/usr/bin/env python3
"""Writes the small HDF5 files of this folder. Needs NumPy and h5py (3.7 made the committed ones).

Elements as make_golden.py has them: element i of tensor number n is (i % 64 - 20) * 0.25 + n."""
import os

import h5py
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def values(shape, number, dtype=np.float32):
    count = int(np.prod(shape, dtype=np.int64))
    return ((np.arange(count) % 64 - 20) * 0.25 + number).astype(dtype).reshape(shape)


def keras(name, **options):
    """As Keras 2 saves weights: a group a layer, within it the layer's name again, attributes that list both."""
    with h5py.File(os.path.join(HERE, name), "w", **options) as f:
        f.attrs["layer_names"] = np.array([b"conv2d_1", b"predictions"])
        f.attrs["backend"] = b"tensorflow"
        f["conv2d_1/conv2d_1/kernel:0"] = values((1, 2, 3, 4), 0)
        f["conv2d_1"].attrs["weight_names"] = np.array([b"conv2d_1/kernel:0"])
        f["predictions/predictions/kernel:0"] = values((3, 2), 1)
        f["predictions/predictions/bias:0"] = values((2,), 2, np.float64)


def kinds():
    """Types; more names in a group than one node of the symbol table takes; what is no tensor."""
    with h5py.File(os.path.join(HERE, "kinds.h5"), "w") as f:
        for i in range(9):
            f["group/w%d" % i] = np.float32(i)
        f["half"] = values((5,), 3, np.float16)
        f["long"] = np.arange(6, dtype=np.int64).reshape(2, 3)
        f["byte"] = np.array([1, 255], np.uint8)
        f["text"] = np.array([b"a", b"bc"])
        f["empty"] = np.zeros((0, 3), np.float32)
        f["soft"] = h5py.SoftLink("/half")
        compact = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        compact.set_layout(h5py.h5d.COMPACT)
        space = h5py.h5s.create_simple((3,))
        h5py.h5d.create(f.id, b"compact", h5py.h5t.IEEE_F32LE, space, compact).write(h5py.h5s.ALL, h5py.h5s.ALL, values((3,), 4))


def chunks():
    with h5py.File(os.path.join(HERE, "chunks.h5"), "w") as f:
        f.create_dataset("gzip", data=values((5, 3, 7), 0), chunks=(2, 3, 4), compression="gzip")
        f.create_dataset("all", data=values((9,), 1), chunks=(4,), compression="gzip", shuffle=True, fletcher32=True)
        f.create_dataset("plain", data=values((3, 5), 2, np.float64), chunks=(2, 2))


def refused():
    with h5py.File(os.path.join(HERE, "circle.h5"), "w") as f:
        f["a/w"] = np.float32(1)
        f["a/b"] = f["a"]
    with h5py.File(os.path.join(HERE, "big.h5"), "w") as f:
        f["w"] = values((2,), 0, ">f4")
    with h5py.File(os.path.join(HERE, "lzf.h5"), "w") as f:
        f.create_dataset("w", data=values((8,), 0), compression="lzf")
    with h5py.File(os.path.join(HERE, "unwritten.h5"), "w") as f:
        f.create_dataset("w", shape=(8,), dtype="f4", chunks=(4,))[:4] = 1
    with h5py.File(os.path.join(HERE, "bomb.h5"), "w") as f:
        f.create_dataset("w", shape=(1 << 14, 1 << 14), dtype="f4", chunks=(1 << 12, 1 << 11), compression="gzip")


keras("keras.h5")
keras("keras-latest.h5", libver="latest")
kinds()
chunks()
refused()
