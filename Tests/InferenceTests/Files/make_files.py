"""Models that XGBoost itself saved, and what it predicts with them: python make_files.py. Made with xgboost 3.2.0 and numpy 2."""
import numpy as np
import xgboost

random = np.random.default_rng(3)
features = random.normal(size=(60, 4)).astype(np.float32)
features[5, 1] = np.nan
names = ["a", "b", "c", "d"]
sums = np.nansum(features, axis=1)
cases = {
    "binary": ({"objective": "binary:logistic"}, (sums > 0).astype(int)),
    "several": ({"objective": "multi:softprob", "num_class": 3}, np.digitize(sums, [-1, 1])),
    "number": ({"objective": "reg:squarederror"}, sums),
}
np.savetxt("rows.csv", features, delimiter=",", header=",".join(names), comments="", fmt="%.9g")
for name, (settings, target) in cases.items():
    data = xgboost.DMatrix(features, label=target, feature_names=names)
    booster = xgboost.train({"max_depth": 3, "nthread": 1, "seed": 1, **settings}, data, 5)
    booster.save_model(f"{name}.ubj")
    booster.save_model(f"{name}.json")
    np.savetxt(f"{name}.txt", booster.predict(data), fmt="%.9g", delimiter=",")
