"""Arrays in and out of a request: JSON, base64, .npy and safetensors straight into NumPy, and NumPy back into JSON.

A binary body is never copied: its arrays are views of it. Headers are read by hand, so that nothing is unpickled and
no size is believed before it is compared with the bytes that came.
"""

import ast
import binascii
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from mlquote.kit.errors import Malformed, TooLarge, nearest
from mlquote.web.parsing import decoded

Bytes = bytes | bytearray | memoryview

NPY_MAGIC = b"\x93NUMPY"
MOST_NPY_HEADER = 10_000
MOST_TENSORS_HEADER = 1_000_000
MOST_PARTS = 64
MOST_AXES = 32
KINDS = {"f8", "f4", "f2", "i8", "i4", "i2", "i1", "u8", "u4", "u2", "u1", "b1"}
"""NumPy types an array may come in, byte order aside; objects are refused (they would have to be unpickled)."""
TENSOR_TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "|i1",
    "U8": "|u1", "BOOL": "|b1",
}  # fmt: skip
B64_DTYPES = ("<f8", "<f4", "<i8", "<i4", "|u1")
PIECE = 1 << 18
"""Base64 characters, a multiple of 4, turned without letting another thread go on in between (about 0.2 ms)."""
WINDOW = 1 << 16
"""Bytes of a body searched at a time."""
WRITTEN_AT_ONCE = 4096
"""Numbers written as JSON without letting another thread go on in between (about 0.3 ms)."""
LISTED = 10_000
"""Arrays beyond this many numbers answer a binary request as base64."""

_encoder = msgspec.json.Encoder(decimal_format="number")


@dataclass(slots=True)
class Body:
    """A request body: its JSON object, arrays put in, and whether any came in binary."""

    question: Any
    binary: bool = False
    numbers: int = 0
    input_dtypes: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Parts:
    """The parts of a multipart body: arrays by name, tensors by file and name."""

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    tensors: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)

    def find(self, name: str, tensor: str | None, pointer: str) -> NDArray[Any]:
        """The array that `{"$part": name, "tensor": tensor}` means."""
        if tensor is not None and not isinstance(tensor, str):
            raise Malformed("a tensor is named by a string", pointer=f"{pointer}/tensor")
        if tensor is None and name in self.arrays:
            return self.arrays[name]
        if name in self.tensors:
            held = self.tensors[name]
            if tensor is None and len(held) == 1:
                return next(iter(held.values()))
            if tensor in held:
                return held[tensor]
            raise Malformed(
                f"part {name!r} has no tensor {tensor!r}", pointer=pointer, hint=f"it holds {', '.join(held)}"
            )
        holders = [held[name] for held in self.tensors.values() if name in held]
        if tensor is None and len(holders) == 1:
            return holders[0]
        known = [*self.arrays, *self.tensors]
        hint = nearest(name, known) or f"parts: {', '.join(known)}"
        raise Malformed(f"no part named {name!r} came with the request", pointer=pointer, hint=hint)


def filled(value: Any, parts: Parts, body: Body, pointer: str = "") -> Any:
    """A JSON value with each `{"$b64": ...}` and `{"$part": ...}` replaced by its array."""
    if isinstance(value, Mapping):
        if "$b64" in value:
            return _counted(from_base64(value, f"{pointer}"), body)
        if "$part" in value:
            unknown = set(value) - {"$part", "tensor"}
            if unknown or not isinstance(value["$part"], str):
                raise Malformed("a part is named by a string", pointer=pointer, hint='{"$part": "predictions"}')
            return _counted(parts.find(value["$part"], value.get("tensor"), pointer), body)
        return {name: filled(entry, parts, body, f"{pointer}/{name}") for name, entry in value.items()}
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return [filled(entry, parts, body, f"{pointer}/{i}") for i, entry in enumerate(value)]
    return value


def _counted(array: NDArray[Any], body: Body) -> NDArray[Any]:
    body.binary = True
    body.numbers += array.size
    body.input_dtypes.add(array.dtype.name)
    return array


def from_base64(value: Mapping[str, Any], pointer: str) -> NDArray[Any]:
    """The array of `{"$b64": {"dtype": "<f8", "shape": [..], "data": ".."}}`."""
    inner = value["$b64"]
    place = f"{pointer}/$b64"
    if len(value) > 1 or not isinstance(inner, Mapping) or set(inner) != {"dtype", "shape", "data"}:
        hint = '{"$b64": {"dtype": "<f8", "shape": [2], "data": "..."}}'
        raise Malformed("a base64 array has dtype, shape and data", pointer=place, hint=hint)
    dtype, shape, data = inner["dtype"], inner["shape"], inner["data"]
    if not isinstance(dtype, str) or dtype.lstrip("<|") not in {name.lstrip("<|") for name in B64_DTYPES}:
        raise Malformed(
            f"dtype {dtype!r} is not read", pointer=f"{place}/dtype", hint=f"one of {', '.join(B64_DTYPES)}"
        )
    if not isinstance(data, str):
        raise Malformed("data is a base64 string", pointer=f"{place}/data")
    try:
        pieces = (data[i : i + PIECE] for i in range(0, len(data), PIECE))
        raw = b"".join(binascii.a2b_base64(piece, strict_mode=True) for piece in pieces)
    except (binascii.Error, ValueError) as error:
        raise Malformed(f"data is not base64: {error}", pointer=f"{place}/data") from None
    return _viewed(raw, np.dtype(dtype), _shape(shape, f"{place}/shape"), place)


def _shape(shape: Any, pointer: str) -> tuple[int, ...]:
    right = isinstance(shape, list | tuple) and len(shape) <= MOST_AXES
    if not right or not all(type(size) is int and 0 <= size < 2**40 for size in shape):
        raise Malformed(f"shape {shape!r:.80} is not a list of sizes", pointer=pointer, hint="[1000, 10]")
    return tuple(shape)


def _viewed(raw: Bytes, dtype: np.dtype[Any], shape: tuple[int, ...], pointer: str) -> NDArray[Any]:
    """Bytes as an array, if there are exactly as many as its shape needs; never copied, aligned or not."""
    needed = math.prod(shape) * dtype.itemsize
    if needed != len(raw):
        raise Malformed(
            f"{len(raw)} bytes came for shape {list(shape)} of {dtype.str}", pointer=pointer, hint=f"{needed} bytes"
        )
    try:
        return np.frombuffer(raw, dtype=dtype).reshape(shape)
    except ValueError as error:  # no element, of axes whose product is beyond an address
        raise Malformed(f"shape {list(shape)} cannot be: {error}", pointer=pointer) from None


def npy_extent(data: Bytes, name: str) -> tuple[np.dtype[Any], tuple[int, ...], bool, int]:
    """What a .npy header says: dtype, shape, whether Fortran-ordered, and where the data begin.

    Raises: Malformed for anything but a plain array of numbers; an object array would have to be unpickled
    """
    pointer = f"/{name}"
    if len(data) < 12 or bytes(data[:6]) != NPY_MAGIC or data[6] not in (1, 2, 3):
        raise Malformed("the part is no .npy file", pointer=pointer, hint="numpy.save(file, array, allow_pickle=False)")
    wide = data[6] > 1
    length = int.from_bytes(data[8 : 12 if wide else 10], "little")
    start = (12 if wide else 10) + length
    if length > MOST_NPY_HEADER or start > len(data):
        raise Malformed("the .npy header is cut short or too long", pointer=pointer)
    try:
        header = ast.literal_eval(bytes(data[start - length : start]).decode("latin-1"))
        descr, fortran, shape = header["descr"], header["fortran_order"], header["shape"]
    except (ValueError, SyntaxError, KeyError, TypeError, RecursionError, MemoryError):
        raise Malformed("the .npy header cannot be read", pointer=pointer) from None
    if not isinstance(descr, str) or descr[descr[:1] in "<>|=" :] not in KINDS:
        detail = f"dtype {descr!r:.80} is not read" + (": objects would be unpickled" if "O" in str(descr) else "")
        raise Malformed(detail, pointer=pointer, hint=f"one of {', '.join(sorted(KINDS))}")
    return np.dtype(descr), _shape(shape, pointer), bool(fortran), start


def from_npy(data: Bytes, name: str) -> NDArray[Any]:
    """The array of a .npy file, as a view of its bytes."""
    dtype, shape, fortran, start = npy_extent(data, name)
    array = _viewed(memoryview(data)[start:], dtype, shape[::-1] if fortran else shape, f"/{name}")
    return array.T if fortran else array


def from_safetensors(data: Bytes, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file by name, as views of its bytes; bfloat16 is widened to float32."""
    pointer = f"/{name}"
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or length > min(MOST_TENSORS_HEADER, len(data) - 8):
        raise Malformed("the safetensors header is cut short or too long", pointer=pointer)
    try:
        header = decoded(bytes(data[8 : 8 + length]))
    except ValueError:
        header = None
    if not isinstance(header, dict):
        raise Malformed("the safetensors header is no JSON object", pointer=pointer)
    view = memoryview(data)[8 + length :]
    return {key: _tensor(view, entry, f"{pointer}/{key}") for key, entry in header.items() if key != "__metadata__"}


def _tensor(view: memoryview, entry: Any, pointer: str) -> NDArray[Any]:
    try:
        kind, shape, (begin, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
        dtype = np.dtype(TENSOR_TYPES[kind])
        inside = type(begin) is int and type(end) is int and 0 <= begin <= end <= len(view)
    except (KeyError, TypeError, ValueError):
        inside = False
    if not inside:
        raise Malformed("the tensor's header cannot be read", pointer=pointer, hint=f"dtypes {', '.join(TENSOR_TYPES)}")
    array = _viewed(view[begin:end], dtype, _shape(shape, pointer), pointer)
    return (array.astype(np.uint32) << 16).view(np.float32) if kind == "BF16" else array


def _place(data: memoryview, wanted: bytes, start: int, end: int) -> int:
    """Where these bytes begin, or -1; looked for a window at a time, as a view cannot be searched and is not copied."""
    for begin in range(start, end, WINDOW):
        found = bytes(data[begin : min(begin + WINDOW + len(wanted) - 1, end)]).find(wanted)
        if found >= 0:
            return begin + found
    return -1


def from_multipart(data: Bytes, boundary: bytes) -> tuple[bytes, Parts]:
    """The JSON part of a multipart/form-data body and its arrays.

    A .npy part says its own length, so the bytes of large arrays are not searched for the boundary. The JSON part is
    named `request` or says application/json.
    """
    delimiter = b"--" + boundary
    parts, question = Parts(), None
    view = memoryview(data)
    place = _place(view, delimiter, 0, len(view))
    for _ in range(MOST_PARTS + 1):
        if place < 0:
            raise Malformed("the multipart body ends before its last boundary", hint="--BOUNDARY-- ends it")
        place += len(delimiter)
        if bytes(view[place : place + 2]) == b"--":
            break
        head_end = _place(view, b"\r\n\r\n", place, min(place + MOST_NPY_HEADER, len(view)))
        if head_end < 0:
            raise Malformed("a part has no header", hint='Content-Disposition: form-data; name="predictions"')
        name, is_json, tensors = _part_head(bytes(view[place:head_end]).decode("latin-1"))
        start = head_end + 4
        end = _part_end(view, start, b"\r\n" + delimiter, name)
        content = view[start:end]
        if is_json or name == "request":
            question = bytes(content)
        elif tensors or bytes(content[:6]) != NPY_MAGIC:
            parts.tensors[name] = from_safetensors(content, name)
        else:
            parts.arrays[name] = from_npy(content, name)
        place = end + 2
    else:
        raise TooLarge(f"more than {MOST_PARTS} parts", hint="put tensors into one safetensors part")
    if question is None:
        raise Malformed("no JSON part", pointer="/request", hint="one part named request holds the question's JSON")
    return question, parts


def _part_head(head: str) -> tuple[str, bool, bool]:
    """A part's name, whether it is JSON, and whether its file name says safetensors."""
    lowered = head.casefold()
    begin = lowered.find('name="')
    while begin > 0 and lowered[begin - 1].isalpha():  # filename="
        begin = lowered.find('name="', begin + 1)
    name = head[begin + 6 : head.find('"', begin + 6)] if begin >= 0 else ""
    return name, "application/json" in lowered, ".safetensors" in lowered


def _part_end(view: memoryview, start: int, boundary: bytes, name: str) -> int:
    """Where a part's content ends."""
    if view[start : start + 6] == NPY_MAGIC:
        dtype, shape, _, begin = npy_extent(view[start:], name)
        end = start + begin + math.prod(shape) * dtype.itemsize
        if view[end : end + len(boundary)] == boundary:
            return end
    end = _place(view, boundary, start, len(view))
    if end < 0:
        raise Malformed("the multipart body is cut short", pointer=f"/{name}")
    return end


def written(answer: Mapping[str, Any], *, packed: bool) -> bytes:
    """An answer as JSON: non-finite numbers as strings, infinite gradients as null, long arrays as base64 if `packed`.

    Long lists are written a piece at a time, so that other threads are never held up for long.
    """
    return _encoder.encode(_written(answer, packed=packed, gradient=False))


def _written(value: Any, *, packed: bool, gradient: bool) -> Any:
    if isinstance(value, Mapping):
        return {
            name: _written(entry, packed=packed, gradient=gradient or name == "gradient")
            for name, entry in value.items()
        }
    if isinstance(value, list | tuple):
        return [_written(entry, packed=packed, gradient=gradient) for entry in value]
    if isinstance(value, np.ndarray):
        long = packed and value.size > LISTED
        return msgspec.Raw(to_base64(value) if long else listed(value, gradient=gradient))
    if isinstance(value, np.generic):
        value = value.item()
    return spelt(value) if isinstance(value, float) else value


def listed(array: NDArray[Any], *, gradient: bool = False) -> bytes:
    """An array as nested JSON lists."""
    if array.ndim > 1 and array.size > WRITTEN_AT_ONCE:
        return b"[" + b",".join(listed(row, gradient=gradient) for row in array) + b"]"
    if array.ndim == 1 and array.size > WRITTEN_AT_ONCE:
        pieces = (array[i : i + WRITTEN_AT_ONCE] for i in range(0, array.size, WRITTEN_AT_ONCE))
        return b"[" + b",".join(listed(piece, gradient=gradient)[1:-1] for piece in pieces) + b"]"
    values = array.tolist()
    if array.dtype.kind == "f" and not gradient and not np.isfinite(array).all():
        values = _spelt_all(values)
    return _encoder.encode(values)  # a non-finite number is written as null, which is what an infinite gradient is


def _spelt_all(values: Any) -> Any:
    return [_spelt_all(entry) for entry in values] if isinstance(values, list) else spelt(values)


def spelt(value: float) -> float | str:
    """A number, or the string that stands for a non-finite one."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")


def to_base64(array: NDArray[Any]) -> bytes:
    """An array as the JSON of `{"$b64": ...}`."""
    plain = np.ascontiguousarray(array, dtype="<i8" if array.dtype.kind in "iub" else "<f8")
    raw, step = plain.reshape(-1).data.cast("B"), PIECE // 4 * 3
    head = _encoder.encode({"dtype": plain.dtype.str, "shape": list(array.shape)})
    pieces = [binascii.b2a_base64(raw[i : i + step], newline=False) for i in range(0, len(raw), step)]
    return b"".join([b'{"$b64":', head[:-1], b',"data":"', *pieces, b'"}}'])
