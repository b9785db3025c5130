"""Where each thing of a drawing stands: computed once here, so that a page opens without simulating anything.

Each connected part is laid out by stress majorization (Gansner, Koren, North: Graph Drawing by Stress
Majorization, 2004, https://doi.org/10.1007/978-3-540-31843-9_25), which puts things as far apart on paper as
they are in the network; then boxes that overlap are pushed apart, and the parts are shelved side by side. The
same network gives the same positions.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGE_LENGTH = 165.0
"""How far apart linked things stand, in pixels at full size."""

_EXACT_LIMIT = 1000  # things; above, majorization (cubic) gives way to its starting point (linear)
_PASSES = 120
_PIVOTS = 50


def positions(
    network: nx.MultiDiGraph[str], boxes: Mapping[str, tuple[float, float]], aspect: float = 1.3
) -> dict[str, tuple[int, int]]:
    """Pixel positions of the centres of all nodes; ``boxes`` says how wide and high each is drawn.

    >>> network = nx.MultiDiGraph([("云溪新区", "云溪县")])
    >>> at = positions(network, {"云溪新区": (80, 40), "云溪县": (60, 40)})
    >>> 150 < abs(at["云溪新区"][0] - at["云溪县"][0]) < 180
    True
    """
    undirected = nx.Graph(network)
    parts = sorted((sorted(part) for part in nx.connected_components(undirected)), key=lambda p: (-len(p), p))
    placed = [(part, _place(part, undirected, boxes)) for part in parts]
    return _shelve(placed, boxes, aspect)


def _place(part: list[str], network: nx.Graph[str], boxes: Mapping[str, tuple[float, float]]) -> Floats:
    if len(part) == 1:
        return np.zeros((1, 2))
    index = {node: i for i, node in enumerate(part)}
    neighbours = [sorted(index[other] for other in network[node] if other != node) for node in part]
    if len(part) > _EXACT_LIMIT:
        pivots = range(0, len(part), max(1, len(part) // _PIVOTS))
        at = _project(np.array([_distances(pivot, neighbours) for pivot in pivots]))
    else:
        distances = np.array([_distances(node, neighbours) for node in range(len(part))])
        at = _majorize(_project(distances), distances)
    return _separate(_lying(at) * EDGE_LENGTH, np.array([boxes[node] for node in part]))


def _distances(start: int, neighbours: list[list[int]]) -> Floats:
    """How many links every node is from ``start``."""
    found = np.full(len(neighbours), -1.0)
    found[start] = 0
    queue = deque([start])
    while queue:
        node = queue.popleft()
        for other in neighbours[node]:
            if found[other] < 0:
                found[other] = found[node] + 1
                queue.append(other)
    return found


def _project(distances: Floats) -> Floats:
    """Classical scaling from the rows of ``distances`` (pivot × node), as the starting point."""
    squares = distances**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1, keepdims=True) + squares.mean()
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    at = np.zeros((distances.shape[1], 2))
    for axis in range(min(2, len(axes))):
        direction = axes[axis] * np.sign(axes[axis][np.argmax(np.abs(axes[axis]))])
        at[:, axis] = direction * distances.max() * np.sqrt(len(at)) / 2
    # Things with the same neighbours have the same distances: a little noise lets them part.
    return at + np.random.default_rng(7).normal(0, 0.05, at.shape)


def _majorize(at: Floats, distances: Floats) -> Floats:
    count = len(at)
    weights = 1 / np.where(distances > 0, distances, np.inf) ** 2
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + np.ones((count, count)) / count)
    stress = np.inf
    for _ in range(_PASSES):
        gaps = np.hypot(at[:, 0, None] - at[:, 0], at[:, 1, None] - at[:, 1])
        pull = -weights * distances / np.where(gaps > 1e-9, gaps, np.inf)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        at = inverse @ (pull @ at)
        before, stress = stress, float((weights * (gaps - distances) ** 2).sum())
        if before - stress < 1e-3 * stress:
            break
    return at


def _lying(at: Floats) -> Floats:
    """``at`` turned so that its longer side lies flat, as screens do."""
    centred = at - at.mean(axis=0)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(axes[np.arange(len(axes)), np.argmax(np.abs(axes), axis=1)])
    turned: Floats = centred @ (axes * signs[:, None]).T
    return turned if turned.shape[1] == 2 else np.column_stack([turned, np.zeros(len(at))])


def _separate(at: Floats, boxes: Floats) -> Floats:
    """Push apart the boxes that overlap, along the way that is shorter."""
    rounds = _PASSES if len(at) <= _EXACT_LIMIT else 0
    needed = [np.add.outer(side, side) / 2 for side in boxes.T]
    at = at.copy()
    for _ in range(rounds):
        gaps = [np.subtract.outer(axis, axis) for axis in at.T]
        near = np.logical_and(*(np.abs(gap) < need for gap, need in zip(gaps, needed, strict=True)))
        one, other = np.nonzero(np.triu(near, k=1))
        if not len(one):
            break
        gap = np.column_stack([side[one, other] for side in gaps])
        overlap = np.column_stack([side[one, other] for side in needed]) - np.abs(gap)
        way = np.where(gap < 0, -1.0, 1.0)
        push = way * overlap * (overlap == overlap.min(axis=1, keepdims=True)) * 0.3
        np.add.at(at, one, push)
        np.add.at(at, other, -push)
    return at


def _shelve(
    placed: list[tuple[list[str], Floats]], boxes: Mapping[str, tuple[float, float]], aspect: float
) -> dict[str, tuple[int, int]]:
    """The parts in rows, the largest first, in a sheet about ``aspect`` times as wide as high."""
    margin = 30.0
    halves = [np.array([boxes[node] for node in part]) / 2 + margin for part, _ in placed]
    corners = [((at - half).min(axis=0), (at + half).max(axis=0)) for (_, at), half in zip(placed, halves, strict=True)]
    area = sum(float(np.prod(high - low)) for low, high in corners)
    width = max([float(np.sqrt(area * aspect)), *(float((high - low)[0]) for low, high in corners)])
    found: dict[str, tuple[int, int]] = {}
    x = y = row = 0.0
    for (part, at), (low, high) in zip(placed, corners, strict=True):
        size = high - low
        if x and x + size[0] > width:
            x, y, row = 0.0, y + row, 0.0
        for node, point in zip(part, at - low + (x, y), strict=True):
            found[node] = round(float(point[0])), round(float(point[1]))
        x, row = x + float(size[0]), max(row, float(size[1]))
    return found
