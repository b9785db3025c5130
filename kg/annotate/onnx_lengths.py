"""An ONNX model whose GRUs ignore the sentences' lengths in, one whose GRUs heed them out; and what is inside it, shown.

A GRU node's fifth input, ``sequence_lens`` (https://onnx.ai/onnx/operators/onnx__GRU.html), says where each
sentence of a padded batch ends; the backward direction starts there. Where an exporter left it empty, padding
changes the answer. Only the protobuf wire format is needed to fill it in
(https://protobuf.dev/programming-guides/encoding/), with the field numbers of ``onnx.proto``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MODEL_GRAPH, _GRAPH_NODE, _GRAPH_INPUT, _GRAPH_OUTPUT = 7, 1, 11, 12
_NODE_INPUT, _NODE_OUTPUT, _NODE_OP_TYPE = 1, 2, 4
_VALUE_NAME, _VALUE_TYPE, _TYPE_TENSOR, _TENSOR_ELEMENT = 1, 2, 1, 1
_INT32 = 6
_SEQUENCE_LENS = 4  # the GRU input's position

_Field = tuple[int, int, "int | bytes"]  # number, wire type, value


def with_lengths(model: bytes, length_input: str) -> bytes:
    """``model`` with its input ``length_input``, made int32, wired into every GRU that has no lengths."""
    name = length_input.encode()

    def graph(message: bytes) -> bytes:
        message = _edit(message, _GRAPH_NODE, lambda node: _wire(node, name))
        return _edit(message, _GRAPH_INPUT, lambda value: _as_int32(value) if _named(value, name) else value)

    return _edit(model, _MODEL_GRAPH, graph)


def with_states(model: bytes, op_types: tuple[str, ...]) -> tuple[bytes, list[str]]:
    """``model`` that also answers with what each node of these kinds gives, and the names of those answers in order."""
    graph = next(field for number, _, field in _fields(model) if number == _MODEL_GRAPH)
    names = [
        output
        for number, _, node in _fields(_bytes(graph))
        if number == _GRAPH_NODE
        and any((_NODE_OP_TYPE, _BYTES, kind.encode()) in _fields(_bytes(node)) for kind in op_types)
        for output in [next(field for field_number, _, field in _fields(_bytes(node)) if field_number == _NODE_OUTPUT)]
    ]
    outputs = b"".join(_message([(_GRAPH_OUTPUT, _BYTES, _message([(_VALUE_NAME, _BYTES, name)]))]) for name in names)
    return _edit(model, _MODEL_GRAPH, lambda message: message + outputs), [_bytes(name).decode() for name in names]


def _bytes(field: int | bytes) -> bytes:
    if isinstance(field, int):
        raise ValueError("a number stands where a message should; the bytes are not an ONNX model")
    return field


def _wire(node: bytes, length_input: bytes) -> bytes:
    fields = list(_fields(node))
    inputs = [index for index, (number, _, _) in enumerate(fields) if number == _NODE_INPUT]
    is_gru = (_NODE_OP_TYPE, _BYTES, b"GRU") in fields
    if not is_gru or len(inputs) <= _SEQUENCE_LENS or fields[inputs[_SEQUENCE_LENS]][2]:
        return node
    fields[inputs[_SEQUENCE_LENS]] = (_NODE_INPUT, _BYTES, length_input)
    return _message(fields)


def _named(value: bytes, name: bytes) -> bool:
    return (_VALUE_NAME, _BYTES, name) in _fields(value)


def _as_int32(value: bytes) -> bytes:
    def tensor(message: bytes) -> bytes:
        return _message(
            (number, wire, _INT32 if number == _TENSOR_ELEMENT else field) for number, wire, field in _fields(message)
        )

    return _edit(value, _VALUE_TYPE, lambda type_: _edit(type_, _TYPE_TENSOR, tensor))


def _edit(message: bytes, number: int, change: Callable[[bytes], bytes]) -> bytes:
    """``message`` with every sub-message of field ``number`` changed."""
    return _message(
        (field, wire, change(value) if field == number and isinstance(value, bytes) else value)
        for field, wire, value in _fields(message)
    )


def _fields(message: bytes) -> Iterator[_Field]:
    position = 0
    while position < len(message):
        key, position = _read_varint(message, position)
        number, wire = key >> 3, key & 7
        if wire == _VARINT:
            value, position = _read_varint(message, position)
            yield number, wire, value
            continue
        if wire == _BYTES:
            size, position = _read_varint(message, position)
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
        else:
            raise ValueError(f"wire type {wire} is none of proto3's; the bytes are not an ONNX model")
        yield number, wire, message[position : position + size]
        position += size


def _message(fields: Iterator[_Field] | list[_Field]) -> bytes:
    parts: list[bytes] = []
    for number, wire, value in fields:
        parts.append(_varint(number << 3 | wire))
        if isinstance(value, int):
            parts.append(_varint(value))
            continue
        if wire == _BYTES:
            parts.append(_varint(len(value)))
        parts.append(value)
    return b"".join(parts)


def _read_varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
        shift += 7


def _varint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)
