"""How many weights the usual parts of a network hold, and at how many places each is multiplied with.

A count is a whole number that remembers its arithmetic: `linear(i, o)` is i o + o parameters and i o multiply-adds at
each place "x"; attention adds 2 d for each pair of a place and one that it sees. Sums and multiples keep both; `at`
says how many places there are, `over` renames them. What a token's FLOP hang on in decoders stands in `layers`.
"""

from collections.abc import Mapping
from math import prod

Places = tuple[str, ...]
"""Names of places whose numbers are multiplied; sorted; () where a product is made once."""
PLACE, SEEN, FIRST = "x", "m", "first"
"""Where a part stands, what its attention sees elsewhere, and the one place of a layer that reads the input itself."""


READ, WRITTEN = "read", "written"
"""Places of the tokens that an encoder reads, and of those that its decoder writes."""
_LOGITS = ":logits"


class Weights(int):
    """Parameters, with their multiply-adds by place.

    A truth value times a count is a plain number without arithmetic: write `when(truth, count)`.
    """

    products: dict[Places, float]

    def __new__(cls, params: int, products: Mapping[Places, float]) -> "Weights":
        """So many parameters, used so."""
        self = super().__new__(cls, params)
        self.products = dict(products)
        return self

    def __add__(self, other: int) -> "Weights":
        """Both, side by side."""
        return Weights(int(self) + int(other), _summed(self.products, products_of(other), 1))

    __radd__ = __add__

    def __sub__(self, other: int) -> "Weights":
        """Without a part."""
        return Weights(int(self) - int(other), _summed(self.products, products_of(other), -1))

    def __mul__(self, times: int) -> "Weights":
        """So many of them."""
        return Weights(int(self) * int(times), {places: each * times for places, each in self.products.items()})

    __rmul__ = __mul__

    def at(self, **numbers: float) -> "Weights":
        """The same with so many places of a name."""
        found: dict[Places, float] = {}
        for places, each in self.products.items():
            known = [number for place in places if (number := _number_of(place, numbers)) is not None]
            left = tuple(place for place in places if _number_of(place, numbers) is None)
            found[left] = found.get(left, 0.0) + each * prod(known)
        return Weights(int(self), found)

    def over(self, **names: str) -> "Weights":
        """The same at places of other names."""
        found: dict[Places, float] = {}
        for places, each in self.products.items():
            called = tuple(sorted(names.get(place, place) for place in places))
            found[called] = found.get(called, 0.0) + each
        return Weights(int(self), found)

    @property
    def input_flop(self) -> float:
        """Forward FLOP of the layers that read the input itself, which needs no gradient."""
        return 2.0 * self.products.get((FIRST,), 0.0)

    def flop(self, **numbers: float) -> float:
        """Forward FLOP at so many places: a multiply-add is 2.

        Raises:
            KeyError: places of another name are left.
        """
        left = self.at(**numbers, first=1.0).products
        if set(left) - {()}:
            raise KeyError(*sorted({place for places in left for place in places}))
        return 2.0 * left.get((), 0.0)


def _number_of(place: str, numbers: Mapping[str, float]) -> float | None:
    """How many places of a name there are: "x<128" is 128 of x at most, "x:logits" are those of x."""
    name, _, most = place.removesuffix(_LOGITS).partition("<")
    number = numbers.get(name)
    return min(number, float(most)) if most and number is not None else number


def _summed(a: Mapping[Places, float], b: Mapping[Places, float], sign: int) -> dict[Places, float]:
    found = dict(a)
    for places, each in b.items():
        found[places] = found.get(places, 0.0) + sign * each
    return found


def products_of(count: int) -> dict[Places, float]:
    """The multiply-adds that a count remembers; none of a plain number."""
    return count.products if isinstance(count, Weights) else {}


def first(count: Weights) -> Weights:
    """A layer of known places that reads the input itself."""
    return Weights(int(count), {(FIRST,): count.products.get((), 0.0)})


def when(truth: bool, count: int) -> int:
    """A part where there is one."""
    return count if truth else 0


def once(count: Weights) -> Weights:
    """A part that is used once and not at every place: a pooler, a noise level."""
    return count.at(x=1)


def logits(count: Weights) -> Weights:
    """A product into words: what full recomputation does not run again."""
    return Weights(
        int(count), {tuple(f"{place}{_LOGITS}" for place in at): each for at, each in count.products.items()}
    )


def is_logits(places: Places) -> bool:
    """These are places of a product into words."""
    return any(place.endswith(_LOGITS) for place in places)


def within(count: Weights, places: float, seen: float) -> Weights:
    """A part at so many places of which each meets so many: attention within windows."""
    alone = count.products.get((PLACE,), 0.0) * places
    pairs = count.products.get((PLACE, PLACE), 0.0) * places * seen
    return Weights(int(count), {(): count.products.get((), 0.0) + alone + pairs})


def again(count: Weights, times: float) -> Weights:
    """A part that is used so many times more than it is held."""
    return Weights(0, {places: each * times for places, each in count.products.items()})


def tied(inputs: int, outputs: int) -> Weights:
    """A product with weights that are counted elsewhere: logits by the table of tokens.

    Args:
        inputs: i.
        outputs: o.

    Returns: no parameters, i o multiply-adds at each place.

    Source: Press and Wolf 2017.
    """
    return Weights(0, {(PLACE,): inputs * outputs})


def linear(inputs: int, outputs: int, *, bias: bool = True) -> Weights:
    """A product: i o, and o with a bias.

    Args:
        inputs: i.
        outputs: o.
        bias: one number per output.

    Returns: parameters.

    Source: definition.
    """
    return Weights(inputs * outputs + bias * outputs, {(PLACE,): inputs * outputs})


def convolution(inputs: int, outputs: int, taps: int, *, groups: int = 1, bias: bool = True) -> Weights:
    """A convolution: taps (i / g) o, and o with a bias; its places are those of its outputs.

    A transposed one has as many, its places are those of its inputs.

    Args:
        inputs: i, channels.
        outputs: o, channels.
        taps: points of the kernel, all its dimensions multiplied.
        groups: g.
        bias: one number per output channel.

    Returns: parameters.

    Source: definition.
    """
    weights = taps * (inputs // groups) * outputs
    return Weights(weights + bias * outputs, {(PLACE,): weights})


def layer_norm(width: int) -> int:
    """A norm with weights and biases: 2 d.

    Args:
        width: d.

    Returns: parameters.

    Source: Ba et al. 2016; batch and group norms hold as many.
    """
    return 2 * width


def mlp(width: int, inner: int, *, bias: bool = True, gated: bool = False, outputs: int | None = None) -> Weights:
    """A feed-forward: two products, three where gated.

    Args:
        width: d.
        inner: f.
        bias: biases of every product.
        gated: one product more on the way in.
        outputs: width on the way out; the same by default.

    Returns: parameters.

    Source: Vaswani et al. 2017, section 3.3; Shazeer 2020 where gated.
    """
    return (1 + gated) * linear(width, inner, bias=bias) + linear(inner, outputs or width, bias=bias)


def attention(
    width: int,
    *,
    inner: int | None = None,
    memory: int | None = None,
    bias: bool = True,
    key_bias: bool | None = None,
    out_bias: bool | None = None,
    crossed: bool = False,
) -> Weights:
    """Queries, keys, values and the way out, all heads together; 2 i multiply-adds for each pair that meets.

    Args:
        width: d.
        inner: heads x head size; d by default.
        memory: width of what keys and values come from; d by default.
        bias: biases of queries and values, and of the rest where not said.
        key_bias: of keys.
        out_bias: on the way out.
        crossed: keys and values come from places "m", not from its own; so with a `memory`.

    Returns: parameters.

    Source: Vaswani et al. 2017, section 3.2.
    """
    wide, seen = inner or width, memory or width
    keys = bias if key_bias is None else key_bias
    back = bias if out_bias is None else out_bias
    ends = linear(width, wide, bias=bias) + linear(wide, width, bias=back)
    read = linear(seen, wide, bias=keys) + linear(seen, wide, bias=bias)
    if not crossed and memory is None:
        return ends + read + meeting(wide)
    return ends + read.over(x=SEEN) + Weights(0, {(SEEN, PLACE): 2 * wide})


def joined(wide: int) -> Weights:
    """The core of attention over two streams as one: every place of both meets every place of both.

    Args:
        wide: i, heads x head size.

    Returns: no parameters.

    Source: Esser et al. 2024, section 4 (joint attention).
    """
    pairs = Weights(0, {(PLACE, PLACE): 2 * wide})
    return pairs + pairs.over(x=SEEN) + Weights(0, {(SEEN, PLACE): 4 * wide})


def shared(count: Weights) -> Weights:
    """A part that both streams pass: held once, used at the places of both."""
    return count + again(count.over(x=SEEN), 1)


def meeting(wide: int, *, window: int = 0) -> Weights:
    """The core of attention: scores and what they weigh, 2 i multiply-adds a pair of places.

    Args:
        wide: i, heads x head size.
        window: w, places that one sees at most; 0: all.

    Returns: no parameters.

    Source: Vaswani et al. 2017, section 3.2.1; the full square, as a counter sees it.
    """
    return Weights(0, {(PLACE, f"{PLACE}<{window}" if window else PLACE): 2 * wide})


def block(
    width: int, inner: int, *, cross: bool = False, key_bias: bool = True, qkv_bias: bool = True, heads: int = 0
) -> Weights:
    """A layer of most encoders: attention and a feed-forward with biases, a LayerNorm for each; `cross`: attention to
    another stack, with a norm.

    Args:
        width: d.
        inner: f.
        cross: a second attention.
        key_bias: keys have a bias (not in Whisper).
        qkv_bias: queries, keys and values have one.
        heads: of a size rounded down, so that together they may be narrower than d; 0: as wide.

    Returns: parameters.

    Source: Vaswani et al. 2017; Dosovitskiy et al. 2021.
    """
    wide = heads * (width // heads) if heads else width
    keys = qkv_bias and key_bias
    one = attention(width, inner=wide, bias=qkv_bias, key_bias=keys, out_bias=True) + layer_norm(width)
    if cross:
        other = attention(width, inner=wide, bias=qkv_bias, key_bias=keys, out_bias=True, crossed=True)
        one += other + layer_norm(width)
    return one + mlp(width, inner) + layer_norm(width)


def lstm(inputs: int, hidden: int, layers: int = 1) -> int:
    """Long short-term memory: 4 (i h + h h + 2 h) a layer.

    Args:
        inputs: i of the first layer; further ones read h.
        hidden: h.
        layers: layers.

    Returns: parameters.

    Source: Hochreiter and Schmidhuber 1997, with two biases as torch keeps them.
    """
    further = 4 * (2 * hidden * hidden + 2 * hidden)
    return 4 * (inputs * hidden + hidden * hidden + 2 * hidden) + (layers - 1) * further
