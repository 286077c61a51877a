"""Writes the .npy and .npz files beside it, as NumPy saves arrays: python3 numpy_files.py (those here are NumPy 1.24.2's)."""
import numpy as np
from numpy.lib import format as F

W = np.arange(30).reshape(10, 3) / 4            # row i, column j: (3 i + j) / 4
np.save("c-order.npy", W)
np.save("fortran.npy", np.asfortranarray(W))     # what a pandas frame's to_numpy() saves
np.save("half.npy", W.astype("f2"))
np.save("single.npy", W.astype("f4"))
np.save("bool.npy", np.arange(30).reshape(10, 3) % 4 == 0)
np.save("big-endian.npy", W.astype(">f8"))
np.save("big-endian-half.npy", W.astype(">f2"))
np.save("big-endian-int.npy", (W * 4).astype(">i4"))
np.save("int8.npy", (W * 4).astype("i1"))
np.save("uint16.npy", (W * 4).astype("u2"))
np.save("int64.npy", (W * 4).astype("i8"))
np.save("one-d.npy", W[:, 0])
np.save("images.npy", (np.arange(160).reshape(10, 4, 4) / 4).astype("f4"))
np.save("images-fortran.npy", np.asfortranarray((np.arange(160).reshape(10, 4, 4) / 4).astype("f4")))
np.save("images-channel.npy", (np.arange(160).reshape(10, 1, 4, 4) / 4).astype("f4"))
np.save("images-wide.npy", (np.arange(60).reshape(10, 2, 3) / 4).astype("f4"))
np.save("colour.npy", np.zeros((10, 2, 2, 3), "u1"))
np.save("complex.npy", W.astype("c16"))
np.save("object.npy", W.astype(object), allow_pickle=True)
np.save("structured.npy", np.zeros(10, dtype=[("a", "f8"), ("b", "i4")]))
for version in (2, 3):
    with open(f"v{version}.npy", "wb") as f:
        F.write_array(f, W, version=(version, 0))
np.savez("one.npz", train=W)
np.savez_compressed("two.npz", train=W, test=W + 100)
