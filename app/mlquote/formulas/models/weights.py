"""How many weights the usual parts of a network hold: products, convolutions, norms, attention, whole blocks.

Plain counts, for models of which only the size is asked; what a token's FLOP hang on stands in `layers`.
"""


def linear(inputs: int, outputs: int, *, bias: bool = True) -> int:
    """A product: i o, and o with a bias.

    Args:
        inputs: i.
        outputs: o.
        bias: one number per output.

    Returns: parameters.

    Source: definition.
    """
    return inputs * outputs + bias * outputs


def convolution(inputs: int, outputs: int, taps: int, *, groups: int = 1, bias: bool = True) -> int:
    """A convolution: taps (i / g) o, and o with a bias; a transposed one has as many.

    Args:
        inputs: i, channels.
        outputs: o, channels.
        taps: points of the kernel, all its dimensions multiplied.
        groups: g.
        bias: one number per output channel.

    Returns: parameters.

    Source: definition.
    """
    return taps * (inputs // groups) * outputs + bias * outputs


def layer_norm(width: int) -> int:
    """A norm with weights and biases: 2 d.

    Args:
        width: d.

    Returns: parameters.

    Source: Ba et al. 2016; batch and group norms hold as many.
    """
    return 2 * width


def mlp(width: int, inner: int, *, bias: bool = True, gated: bool = False, outputs: int | None = None) -> int:
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
) -> int:
    """Queries, keys, values and the way out, all heads together.

    Args:
        width: d.
        inner: heads x head size; d by default.
        memory: width of what keys and values come from; d by default.
        bias: biases of queries and values, and of the rest where not said.
        key_bias: of keys.
        out_bias: on the way out.

    Returns: parameters.

    Source: Vaswani et al. 2017, section 3.2.
    """
    wide, seen = inner or width, memory or width
    keys = bias if key_bias is None else key_bias
    back = bias if out_bias is None else out_bias
    into = linear(width, wide, bias=bias) + linear(seen, wide, bias=keys) + linear(seen, wide, bias=bias)
    return into + linear(wide, width, bias=back)


def block(
    width: int, inner: int, *, cross: bool = False, key_bias: bool = True, qkv_bias: bool = True, heads: int = 0
) -> int:
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
    one = attention(width, inner=wide, bias=qkv_bias, key_bias=qkv_bias and key_bias, out_bias=True) + layer_norm(width)
    return (1 + cross) * one + mlp(width, inner) + layer_norm(width)


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
