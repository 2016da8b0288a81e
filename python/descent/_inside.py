"""What a model is made of and begins with, and what its optimizers have of it: looked at once, or when it changes."""

#: Weights that are looked at.
_WEIGHTS = 200


def model_facts(model):
    """Figures and words on a model's layers."""
    dropouts, kinds, first = [], {}, ""
    parameters = trainable = 0
    for module in model.modules():
        kind = type(module).__name__
        if kind.endswith(("Dropout", "Dropout1d", "Dropout2d", "Dropout3d")):
            dropouts.append(float(module.p))
        if next(module.children(), None) is None:
            first = first or kind
            kinds[kind] = kinds.get(kind, 0) + 1
    for parameter in model.parameters():
        parameters += parameter.numel()
        trainable += parameter.numel() if parameter.requires_grad else 0
    figures = {"parameters": parameters, "trainable": trainable, "dropout": max(dropouts, default=0.0)}
    return figures, {"first": first, "layers": ", ".join("%d %s" % (count, kind) for kind, count in sorted(kinds.items()))[:400]}


def weight_facts(model, clean):
    """How large the weights are that a model begins with, by what keeps a signal's size: root mean square times the root of the fan-in.

    About 0.6 is PyTorch's own, 1 to 1.4 Glorot's and He's; nothing usual is above 3. Embeddings are no sums and stand apart.
    """
    import torch

    from ._summaries import sampled

    embeddings = {id(module.weight) for module in model.modules()
                  if type(module).__name__.startswith("Embedding") and getattr(module, "weight", None) is not None}
    chosen = [(name, parameter) for name, parameter in model.named_parameters()
              if parameter.dim() >= 2 and parameter.is_floating_point() and id(parameter) not in embeddings
              and parameter.device.type != "meta" and parameter.numel() > 1][:_WEIGHTS]
    if not chosen:
        return None
    with torch.no_grad():
        rows = []
        for _, parameter in chosen:
            sample = sampled(parameter.detach())
            rows.append(torch.stack([sample.square().mean().sqrt(), sample.amin(), sample.amax()]).cpu())
        rows = torch.stack(rows).tolist()
    gains = []
    zeros, constants = [], []
    for (name, parameter), (size, least, most) in zip(chosen, rows):
        fan_in = parameter.numel() // parameter.shape[0]
        gains.append((size * fan_in ** 0.5, clean(name)))
        if least == most == 0:
            zeros.append(clean(name))
        elif least == most:
            constants.append(clean(name))
    finite = [gain for gain in gains if gain[0] - gain[0] == 0]
    if not finite:
        return None
    figures = {"weights": len(chosen), "all zero": len(zeros), "all alike": len(constants), "largest gain": max(finite)[0],
               "smallest gain": min((gain for gain in finite if gain[0] > 0), default=(0.0, ""))[0]}
    return figures, {"largest": max(finite)[1], "zeros": ", ".join(zeros[:3]), "alike": ", ".join(constants[:3])}


def ownership_facts(model, owned, graded, clean):
    """Which parameters are learned: `owned` are the ids of those that optimizers have, `graded` of those that had a gradient."""
    figures = {"parameters": 0, "learned": 0, "frozen": 0, "left out": 0, "without gradient": 0, "weights": 0, "weights learned": 0, "held by optimizers": len(owned)}
    left, frozen, bare = [], [], []
    for name, parameter in model.named_parameters():
        count, is_weight = parameter.numel(), parameter.dim() >= 2
        figures["parameters"] += count
        figures["weights"] += is_weight
        if not parameter.requires_grad:
            figures["frozen"] += count
            frozen.append(clean(name))
        elif id(parameter) in owned:
            figures["learned"] += count
            figures["weights learned"] += is_weight
            if graded and id(parameter) not in graded:
                figures["without gradient"] += count
                bare.append(clean(name))
        else:
            figures["left out"] += count
            left.append(clean(name))
    return figures, {"left out": ", ".join(left[:4]), "frozen": ", ".join(frozen[:4]), "without gradient": ", ".join(bare[:4])}


def optimizer_facts(optimizer):
    """Settings of an optimizer; the group with the largest rate."""
    def number(value):
        return float(value[0] if isinstance(value, (tuple, list)) else value)
    group = max(optimizer.param_groups, key=lambda group: number(group.get("lr", 0)))
    figures = {"learning rate": number(group.get("lr", 0)), "weight decay": number(group.get("weight_decay", 0) or 0)}
    if group.get("momentum") is not None or group.get("betas") is not None:
        figures["momentum"] = number(group.get("momentum") if group.get("momentum") is not None else group["betas"])
    name = type(optimizer).__name__
    is_apart = bool(group.get("decoupled_weight_decay")) or name in ("AdamW", "Lion")
    return figures, {"optimizer": name, "weight decay": "apart" if is_apart else "in the gradient"}
