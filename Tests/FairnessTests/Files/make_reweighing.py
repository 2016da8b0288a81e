# Makes Tests/FairnessTests/Files/reweighing.json: the row weights of aif360's Reweighing.
import json
import sys
import warnings

import aif360
import numpy as np
import pandas as pd
from aif360.sklearn.preprocessing import Reweighing

warnings.filterwarnings("ignore")
random = np.random.default_rng(5)
count = 60
sex = random.choice(["f", "m"], count, p=[0.4, 0.6])
label = np.where(random.random(count) < np.where(sex == "f", 0.25, 0.6), "yes", "no")
before = np.round(random.uniform(0.5, 3, count), 2)


def weights(groups, name, given=None):
    rows = pd.DataFrame({"x": np.zeros(count)}, index=pd.MultiIndex.from_arrays([groups], names=[name]))
    _, found = Reweighing(name).fit_transform(rows, pd.Series(label, index=rows.index), sample_weight=given)
    return [float(weight) for weight in found]


random.normal(size=count)
race = random.choice(["a", "b", "c"], count, p=[0.5, 0.3, 0.2])
json.dump({
    "aif360": aif360.__version__, "sex": sex.tolist(), "race": race.tolist(), "label": label.tolist(), "before": before.tolist(),
    "plain": weights(sex, "sex"), "weighted": weights(sex, "sex", before), "groups3": weights(race, "race"),
}, open(sys.argv[1], "w"))
