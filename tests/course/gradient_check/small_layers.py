"""Small layers with a right backward pass, each of which can be given a wrong one: ``Dense(rng, bug="no batch sum")``."""
# ruff: noqa: E701  (a table of bugs: one line each reads best)

import numpy as np


class Small:
    """Parameters, gradients and a planted bug; subclasses write forward and backward."""

    def __init__(self, bug="", **params):
        self.bug, self.params, self.grads, self.training = bug, params, {}, True


class Dense(Small):
    def __init__(self, rng, d=4, m=3, bug="", dtype=float):
        super().__init__(bug, w=rng.normal(size=(d, m)).astype(dtype), b=rng.normal(size=m).astype(dtype))

    def forward(self, x):
        self.x = x
        return x @ self.params["w"] + self.params["b"]

    def backward(self, g):
        x, w, n = self.x, self.params["w"], len(g)
        dx, dw, db = g @ w.T, x.T @ g, g.sum(0)
        match self.bug:
            case "w not transposed": dx = g @ w
            case "dw transposed": dw = dw.T
            case "dw sign": dw = -dw
            case "dx sign": dx = -dx
            case "db mean": db = db / n
            case "dw mean": dw = dw / n
            case "dw times n": dw = dw * n
            case "db no sum": db = g
            case "db first sample": db = g[0]
            case "dw last sample": dw = np.outer(x[-1], g[-1])
            case "db zero": db = np.zeros_like(db)
            case "dx doubled": dx = 2 * dx
            case "dx one row": dx[1] = 0
            case "dw one column": dw[:, 2] *= 0.5
            case "dw one entry": dw[1, 2] += 1
            case "decay": dw = dw + 0.1 * w
            case "dw reshaped": dw = (g.T @ x).reshape(w.shape)
            case "last row skipped": dx[-1] = 0
            case "grad forgotten":
                self.grads = {"w": dw}
                return dx
        self.grads = {"w": dw, "b": db}
        return dx


class Conv(Small):
    def __init__(self, rng, c=2, m=3, k=3, bug="", dtype=float):
        super().__init__(bug, w=rng.normal(size=(m, c, k, k)).astype(dtype), b=rng.normal(size=m).astype(dtype))

    def patches(self, x):
        k = self.params["w"].shape[2]
        return np.lib.stride_tricks.sliding_window_view(x, (k, k), axis=(2, 3))

    def forward(self, x):
        self.x = x
        return np.einsum("nchwij,mcij->nmhw", self.patches(x), self.params["w"]) + self.params["b"][:, None, None]

    def backward(self, g):
        x, w = self.x, self.params["w"]
        n, k = len(x), w.shape[2]
        dw, db, dx = np.einsum("nchwij,nmhw->mcij", self.patches(x), g), g.sum((0, 2, 3)), np.zeros_like(x)
        turned = w[:, :, ::-1, ::-1] if self.bug == "kernel turned" else w
        for i in range(k):
            for j in range(k):
                dx[:, :, i:i + g.shape[2], j:j + g.shape[3]] += np.einsum("nmhw,mc->nchw", g, turned[:, :, i, j])
        match self.bug:
            case "dw turned": dw = dw[:, :, ::-1, ::-1]
            case "dw axes swapped": dw = dw.transpose(0, 1, 3, 2)
            case "db mean over places": db = g.mean((2, 3)).sum(0)
            case "dw over n": dw = dw / n
            case "db no sum": db = g.sum((2, 3))
            case "border lost": dx[:, :, 0] = 0
            case "dw one sample": dw = np.einsum("chwij,mhw->mcij", self.patches(x)[0], g[0])
            case "one channel": dw[:, 1] = 0
            case "dx sign": dx = -dx
        self.grads = {"w": dw, "b": db}
        return dx


class Pool(Small):
    def __init__(self, kind="max", bug=""):
        super().__init__(bug)
        self.kind = kind

    def forward(self, x):
        n, c, h, w = x.shape
        self.blocks = x.reshape(n, c, h // 2, 2, w // 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, h // 2, w // 2, 4)
        return self.blocks.max(-1) if self.kind == "max" else self.blocks.mean(-1)

    def backward(self, g):
        n, c, h, w, _ = self.blocks.shape
        if self.kind == "max":
            at = self.blocks.argmin(-1) if self.bug == "to the smallest" else self.blocks.argmax(-1)
            at = np.zeros_like(at) if self.bug == "to the corner" else at
            d = np.where(np.arange(4) == at[..., None], g[..., None], 0.0)
            d = np.repeat(g[..., None], 4, -1) if self.bug == "to all" else d
        else:
            d = np.repeat(g[..., None], 4, -1) / (1 if self.bug == "no division" else 4)
        dx = d.reshape(n, c, h, w, 2, 2).transpose(0, 1, 2, 4, 3, 5).reshape(n, c, 2 * h, 2 * w)
        return np.ascontiguousarray(dx.swapaxes(2, 3)) if self.bug == "transposed" else dx


class BatchNorm(Small):
    def __init__(self, rng, d=4, bug="", dtype=float):
        super().__init__(bug, gamma=rng.normal(size=d).astype(dtype), beta=rng.normal(size=d).astype(dtype))
        self.running_mean = np.zeros(d)

    def forward(self, x):
        self.std = np.sqrt(x.var(0) + 1e-5)
        self.hat = (x - x.mean(0)) / self.std
        self.running_mean = 0.9 * self.running_mean + 0.1 * x.mean(0)
        return self.params["gamma"] * self.hat + self.params["beta"]

    def backward(self, g):
        n, hat = len(g), self.hat
        d = g * self.params["gamma"]
        mean, along = d.mean(0), hat * (d * hat).mean(0)
        match self.bug:
            case "mean as constant": mean = 0
            case "variance as constant": along = 0
            case "statistics as constant": mean = along = 0
        dx = (d - mean - along) / self.std
        dgamma, dbeta = (g * hat).sum(0), g.sum(0)
        match self.bug:
            case "gamma forgotten": dx = (g - g.mean(0) - hat * (g * hat).mean(0)) / self.std
            case "dgamma mean": dgamma = dgamma / n
            case "dgamma without hat": dgamma = g.sum(0)
            case "dx times n": dx = dx * n
            case "dbeta sign": dbeta = -dbeta
            case "dbeta not summed": dbeta = g
        self.grads = {"gamma": dgamma, "beta": dbeta}
        return dx


class Activation(Small):
    def __init__(self, kind, bug=""):
        super().__init__(bug)
        self.kind = kind

    def forward(self, x):
        self.x = x
        self.out = {"relu": lambda: np.maximum(x, 0), "leaky": lambda: np.where(x > 0, x, 0.1 * x), "tanh": lambda: np.tanh(x),
                    "sigmoid": lambda: 1 / (1 + np.exp(-x)), "softplus": lambda: np.logaddexp(0, x),
                    "squared": lambda: np.maximum(x, 0) ** 2}[self.kind]()
        return self.out.astype(x.dtype)

    def backward(self, g):
        x, out = self.x, self.out
        slope = {"relu": lambda: (x > 0) * 1.0, "leaky": lambda: np.where(x > 0, 1, 0.1), "tanh": lambda: 1 - out**2,
                 "sigmoid": lambda: out * (1 - out), "softplus": lambda: 1 / (1 + np.exp(-x)),
                 "squared": lambda: 2 * np.maximum(x, 0)}[self.kind]()
        match self.bug:
            case "passes everything": slope = 1.0
            case "negative lost": slope = x > 0
            case "factor lost": slope = np.maximum(x, 0)
            case "sign of the slope": slope = -slope
            case "one row": slope = slope * (np.arange(len(x)) != 2)[:, None]
            case "out for slope": slope = out
        return g * slope


class Residual(Small):
    def __init__(self, rng, d=4, bug="", dtype=float):
        self.inner = Dense(rng, d, d, dtype=dtype)
        super().__init__(bug)
        self.params = self.inner.params

    def forward(self, x):
        self.out = np.tanh(self.inner.forward(x))
        return x + self.out

    def backward(self, g):
        dx = self.inner.backward(g * (1 - self.out**2))
        self.grads = self.inner.grads
        match self.bug:
            case "skip forgotten": return dx
            case "skip twice": return 2 * g + dx
            case "branch forgotten": return g
        return g + dx


class Dropout(Small):
    def __init__(self, rng, rate=0.5, bug=""):
        super().__init__(bug)
        self.rate, self.rng = rate, rng

    def forward(self, x):
        self.mask = (self.rng.random(x.shape) >= self.rate).astype(x.dtype)
        return x * self.mask / (1 - self.rate)

    def backward(self, g):
        match self.bug:
            case "not scaled": return g * self.mask
            case "mask forgotten": return g / (1 - self.rate)
            case "mask turned": return g * (1 - self.mask) / (1 - self.rate)
        return g * self.mask / (1 - self.rate)


class Recurrent(Small):
    """h_t = tanh(x_t @ wx + h_{t-1} @ wh + b), all states returned: (N, T, D) -> (N, T, H)."""

    def __init__(self, rng, d=3, h=4, bug="", dtype=float):
        super().__init__(bug, wx=rng.normal(size=(d, h)).astype(dtype), wh=0.5 * rng.normal(size=(h, h)).astype(dtype),
                         b=rng.normal(size=h).astype(dtype))

    def forward(self, x):
        h = np.zeros((x.shape[0], len(self.params["b"])), dtype=x.dtype)
        self.x, self.states = x, [h]
        for t in range(x.shape[1]):
            h = np.tanh(x[:, t] @ self.params["wx"] + h @ self.params["wh"] + self.params["b"])
            self.states.append(h)
        return np.stack(self.states[1:], axis=1)

    def backward(self, g):
        wx, wh = self.params["wx"], self.params["wh"]
        dx, grads = np.zeros_like(self.x), {k: np.zeros_like(v) for k, v in self.params.items()}
        later = 0.0
        for t in reversed(range(g.shape[1])):
            dz = (g[:, t] + later) * (1 - self.states[t + 1] ** 2)
            new = {"wx": self.x[:, t].T @ dz, "wh": self.states[t].T @ dz, "b": dz.sum(0)}
            for k, v in new.items():
                grads[k] = v if self.bug == "only the first step" else grads[k] + v
            dx[:, t] = dz @ wx.T
            later = 0.0 if self.bug == "cut between steps" else dz @ (wh if self.bug == "wh not transposed" else wh.T)
        match self.bug:
            case "dwh transposed": grads["wh"] = grads["wh"].T.copy()
            case "time reversed": dx = dx[:, ::-1].copy()
            case "dwx mean": grads["wx"] /= len(g)
            case "db sign": grads["b"] *= -1
        self.grads = grads
        return dx


def cross_entropy(logits, labels, bug=""):
    """Softmax with cross-entropy: (loss, gradient)."""
    n = len(logits)
    shifted = logits - logits.max(1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(1, keepdims=True)
    loss = -np.mean(shifted[np.arange(n), labels] - np.log(np.exp(shifted).sum(1)))
    target = np.eye(logits.shape[1], dtype=logits.dtype)[labels]
    grad = (p - target) / n
    match bug:
        case "mean forgotten": grad = grad * n
        case "target minus p": grad = -grad
        case "target forgotten": grad = p / n
        case "over all entries": grad = (p - target) / p.size
        case "through the softmax again": grad = p * (grad - (p * grad).sum(1, keepdims=True))
        case "first row only": grad[1:] = 0
        case "mean twice": grad = grad / n
    return loss, grad
