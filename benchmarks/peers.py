"""What people use today, on the same arrays: each text runs in a fresh process with the set's base path as argument and calls
`done(t0, c0, quality)`. Standardising is timed, as it is on our side; reading is not, but where reading is the subject."""

CSV = {
    "polars": "import polars as pl\nt0,c0=time.perf_counter(),time.process_time()\npl.read_csv(sys.argv[1])\ndone(t0,c0)",
    "pandas": "import pandas as pd\nt0,c0=time.perf_counter(),time.process_time()\npd.read_csv(sys.argv[1])\ndone(t0,c0)",
    "duckdb": "import duckdb\nt0,c0=time.perf_counter(),time.process_time()\n"
              "duckdb.connect(config={'threads':2}).execute(f\"create table t as from read_csv('{sys.argv[1]}')\")\ndone(t0,c0)",
}


MATRIX = {
    "polars": CSV["polars"].replace("(sys.argv[1])", "(sys.argv[1]).cast(pl.Float32).to_numpy()"),
    "pandas": CSV["pandas"].replace("(sys.argv[1])", "(sys.argv[1]).to_numpy('f4')"),
}


def reading(polars, pandas, duckdb):
    """The CSV peers with other calls."""
    calls = {"polars": ("pl.read_csv(sys.argv[1])", polars), "pandas": ("pd.read_csv(sys.argv[1])", pandas),
             "duckdb": ("read_csv(", duckdb)}
    return {name: code.replace(*calls[name]) for name, code in CSV.items()}


SPLIT = """
import numpy as np
base = sys.argv[1]
x, y = np.load(base + "_X.npy"), np.load(base + "_y.npy")
cut = len(y) * 9 // 10
"""
STANDARDISED = SPLIT + """
t0, c0 = time.perf_counter(), time.process_time()
mean, sd = x[:cut].mean(0, dtype="f8").astype("f4"), x[:cut].std(0, dtype="f8").astype("f4")
x = (x - mean) / np.where(sd > 0, sd, 1)
"""
FITTED = """
t1, c1 = time.perf_counter(), time.process_time()
q = %s
done(t0 + time.perf_counter() - t1, c0 + time.process_time() - c1, q)
"""
LOG_LOSS = "__import__('sklearn.metrics').metrics.log_loss(y[cut:], m.predict_proba(x[cut:])[:, 1].astype('f8'))"
R2 = "__import__('sklearn.metrics').metrics.r2_score(y[cut:], m.predict(x[cut:]))"

TORCH = """
import torch
torch.set_num_threads(2)
torch.manual_seed(7)
"""
# Adam over mini-batches of shuffled rows; net, losses, target and the numbers are set before.
TORCH_LOOP = """
X, n = torch.from_numpy(x[:cut]), cut
opt = torch.optim.Adam(net.parameters(), lr=rate)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(opt, epochs * -(-n // batch)) if falls else None
for _ in range(epochs):
    order = torch.randperm(n)
    for i in range(0, n, batch):
        rows = order[i:i + batch]
        opt.zero_grad()
        losses(net(X[rows]), target[rows]).backward()
        opt.step()
        if schedule: schedule.step()
t1, c1 = time.perf_counter(), time.process_time()
with torch.no_grad():
    out = net(torch.from_numpy(x[cut:])).numpy()
"""
TORCH_END = "\ndone(t0 + time.perf_counter() - t1, c0 + time.process_time() - c1, q)\n"
TORCH_LOG_LOSS = """
p = np.clip(1 / (1 + np.exp(-out[:, 0].astype("f8"))), 1e-12, 1 - 1e-12)
q = -np.mean(np.where(y[cut:] > 0, np.log(p), np.log(1 - p)))
""" + TORCH_END


def vw(options, label, prepare, quality):
    """Vowpal Wabbit reads standardised text, which is written before the clock starts."""
    return SPLIT + f"""
import os, vowpalwabbit
mean, sd = x[:cut].mean(0, dtype="f8"), x[:cut].std(0, dtype="f8")
x = (x - mean) / sd
{prepare}
paths = [base + "-train.vw", base + "-test.vw"]
for path, rows in zip(paths, (slice(0, cut), slice(cut, None))):
    if not os.path.exists(path):
        fmt = "%g |" + "".join(f" {{j}}:%.6g" for j in range(x.shape[1]))
        with open(path + ".partial", "w") as f:
            for label, row in zip(({label})[rows].tolist(), x[rows].tolist()):
                f.write(fmt % (label, *row) + "\\n")
        os.rename(path + ".partial", path)
t0, c0 = time.perf_counter(), time.process_time()
vowpalwabbit.Workspace(f"-d {{paths[0]}} -k --cache_file {{base}}.cache --passes 5 --holdout_off {options}"
                       f" -f {{base}}.model --quiet").finish()
t1, c1 = time.perf_counter(), time.process_time()
vowpalwabbit.Workspace(f"-d {{paths[1]}} -t -i {{base}}.model -p {{base}}.pred --quiet").finish()
p = np.loadtxt(base + ".pred")
""" + FITTED.split("\n", 2)[2] % quality


LOGISTIC = {
    "sklearn lbfgs": STANDARDISED + "from sklearn.linear_model import LogisticRegression\n"
        "m = LogisticRegression(max_iter=200).fit(x[:cut], y[:cut])" + FITTED % LOG_LOSS,
    "sklearn sgd, 5 epochs": STANDARDISED + "from sklearn.linear_model import SGDClassifier\n"
        "m = SGDClassifier(loss='log_loss', max_iter=5, tol=None, random_state=7, alpha=1e-6, learning_rate='invscaling',"
        " eta0=0.01, power_t=0.25, average=True).fit(x[:cut], y[:cut])" + FITTED % LOG_LOSS,
    "torch adam, 5 epochs": TORCH + STANDARDISED + "net, losses = torch.nn.Linear(x.shape[1], 1), torch.nn.BCEWithLogitsLoss()\n"
        "target = torch.from_numpy(y[:cut])[:, None]\nrate, batch, epochs, falls = 0.01, 1000, 5, True" + TORCH_LOOP
        + TORCH_LOG_LOSS,
    "vowpal wabbit, 5 passes": vw(
        "--loss_function logistic --link logistic", "np.where(y > 0, 1, -1)", "",
        "__import__('sklearn.metrics').metrics.log_loss(y[cut:], p)"),
}

LEAST_SQUARES = {
    "sklearn ridge": STANDARDISED + "from sklearn.linear_model import Ridge\nm = Ridge(alpha=1.0).fit(x[:cut], y[:cut])"
        + FITTED % R2,
    "sklearn sgd, 5 epochs": STANDARDISED + "from sklearn.linear_model import SGDRegressor\n"
        "m = SGDRegressor(max_iter=5, tol=None, random_state=7, alpha=1e-6, eta0=0.01).fit(x[:cut], y[:cut])" + FITTED % R2,
    "torch adam, 5 epochs": TORCH + STANDARDISED + "net, losses = torch.nn.Linear(x.shape[1], 1), torch.nn.MSELoss()\n"
        "mu, dev = y[:cut].mean(), y[:cut].std()\ntarget = torch.from_numpy((y[:cut] - mu) / dev)[:, None]\n"
        "rate, batch, epochs, falls = 0.01, 1000, 5, True" + TORCH_LOOP
        + "\nq = 1 - np.sum((out[:, 0] * dev + mu - y[cut:]) ** 2) / np.sum((y[cut:] - y[cut:].mean()) ** 2)\n" + TORCH_END,
    "vowpal wabbit, 5 passes": vw(
        "", "(y - mu) / dev", "mu, dev = float(y.mean()), float(y.std())",
        "__import__('sklearn.metrics').metrics.r2_score(y[cut:], p * dev + mu)"),
}

# Two of 32 settings of learning rate, l1 and l2; `compare` multiplies by 16.
CANDIDATES = {
    "sklearn sgd x 32 (2 measured)": STANDARDISED + "from sklearn.linear_model import SGDClassifier\n"
        "for eta, l1, l2 in ((0.3, 0, 1e-6), (0.01, 1e-5, 1e-4)):\n"
        "    m = SGDClassifier(loss='log_loss', penalty='elasticnet', alpha=l1 + l2, l1_ratio=l1 / (l1 + l2), max_iter=5,"
        " tol=None, random_state=7, learning_rate='invscaling', eta0=eta, power_t=0.25).fit(x[:cut], y[:cut])"
        + FITTED % LOG_LOSS,
}


def mlp(hidden, outputs, batch, epochs):
    """ReLU layers, Adam 1e-3, no schedule."""
    build = f"""
sizes = [x.shape[1], *{hidden}]
layers = [l for a, b in zip(sizes, sizes[1:]) for l in (torch.nn.Linear(a, b), torch.nn.ReLU())]
net = torch.nn.Sequential(*layers, torch.nn.Linear(sizes[-1], {outputs}))
rate, batch, epochs, falls = 1e-3, {batch}, {epochs}, False
"""
    if outputs > 1:
        target = "losses, target = torch.nn.CrossEntropyLoss(), torch.from_numpy(y[:cut]).long()\n"
        end = "\nq = float((out.argmax(1) == y[cut:]).mean())\n" + TORCH_END
    else:
        target = "losses, target = torch.nn.BCEWithLogitsLoss(), torch.from_numpy(y[:cut])[:, None]\n"
        end = TORCH_LOG_LOSS
    return TORCH + STANDARDISED + build + target + TORCH_LOOP + end


# As a job runs it: the losses of both sets are measured each round, and timed.
XGBOOST = {
    "xgboost, Python": SPLIT + """
import xgboost as xgb
t0, c0 = time.perf_counter(), time.process_time()
d, v = xgb.DMatrix(x[:cut], y[:cut], nthread=2), xgb.DMatrix(x[cut:], y[cut:], nthread=2)
settings = dict(tree_method="hist", max_depth=6, eta=0.3, max_bin=256, nthread=2, seed=7, objective="binary:logistic")
measured = {}
xgb.train(settings, d, 100, evals=[(d, "train"), (v, "validation")], evals_result=measured, verbose_eval=False)
done(t0, c0, measured["validation"]["logloss"][-1])
""",
}
