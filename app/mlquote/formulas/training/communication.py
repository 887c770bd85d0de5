"""What data-parallel training sends each step: gradients summed, sharded weights gathered, and how long that takes."""

from mlquote.formulas.training.memory import ZeroStage


def ring_all_reduce_bytes(payload_bytes: float, ranks: int) -> float:
    """Bytes each rank sends to sum a buffer over all of them.

    B = 2 (n - 1) / n S

    A reduce-scatter and an all-gather of (n - 1) / n S each; no algorithm sends less.

    Args:    payload_bytes: S, bytes of the buffer on each rank, >= 0
             ranks: n, >= 1
    Returns: bytes sent (and as many received) by each rank; 0 for one rank
    Source:  Patarasuk and Yuan 2009, Bandwidth optimal all-reduce algorithms for clusters of workstations, section 3;
             NVIDIA nccl-tests, doc/PERFORMANCE.md (the factor of its bus bandwidth)
    """
    return 2 * (ranks - 1) / ranks * payload_bytes


def data_parallel_bytes(gradient_bytes: float, weight_bytes: float, ranks: int, zero_stage: ZeroStage) -> float:
    """Bytes each rank sends in one step to keep its copy of the weights equal to the others'.

    B = 2 (n - 1) / n G                 stage 0: gradients all-reduced
    B = (n - 1) / n (G + W)             stages 1 and 2: gradients scattered, new weights gathered
    B = (n - 1) / n (G + 2 W)           stage 3: weights gathered forward and backward, gradients scattered

    The least a step can send: gradients accumulated over micro-batches, weights gathered once for all of them.

    Args:    gradient_bytes: G; weight_bytes: W; of the share of the model that one rank works on, unsharded
             ranks: n, data-parallel ranks, >= 1
    Returns: bytes sent by each rank
    Source:  Rajbhandari et al. 2020, ZeRO, section 7 (2 Psi up to stage 2, 3 Psi for stage 3)
    """
    if zero_stage == 0:
        return ring_all_reduce_bytes(gradient_bytes, ranks)
    gathers = 2 if zero_stage == 3 else 1
    return (ranks - 1) / ranks * (gradient_bytes + gathers * weight_bytes)


def collective_bytes_per_s(
    link_bytes_per_s: float, network_bytes_per_s: float, ranks_in_node: int, *, one_node: bool
) -> float:
    """Rate at which one rank sends during a collective: its link's, or its share of the way out of the node.

    R = L                  inside one node
    R = min(L, g N)        across nodes: the g ranks of a group in one node send its traffic out by g network cards

    Two nodes of eight H100 (L = 450, N = 50 GB/s, g = 8) give 400 GB/s; 435 were measured with NCCL 2.20, which on two
    nodes may take a tree.

    Args:    link_bytes_per_s: L, one direction of the accelerator's links in its node
             network_bytes_per_s: N, one direction of the network, per accelerator
             ranks_in_node: g, ranks of one data-parallel group that share a node, >= 1
    Returns: bytes per second
    Source:  NCCL's hierarchical rings; the measurement: github.com/drmysore/nebius-h100-16gpu-benchmark, README
    """
    return link_bytes_per_s if one_node else min(link_bytes_per_s, ranks_in_node * network_bytes_per_s)
