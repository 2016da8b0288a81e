"""Writes Files/: logs as the real libraries write them, and Files/expected.json: what those libraries read back.

usage: python3 make_fixtures.py [system]
       with an argument only Files/system, what machines did meanwhile
with mlflow-skinny 3.17.2 and psutil 7, optuna 5.0.0, wandb 0.31.0, tensorboard 2.21.0, torch 2.15.0.
Names of files hold times and ids; the tests find them by looking.
"""
import json
import math
import os
import pathlib
import shutil
import sqlite3
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent / "Files"
os.environ.update(MLFLOW_ALLOW_FILE_STORE="true", WANDB_MODE="offline", WANDB_SILENT="true", WANDB_CONSOLE="off",
                  WANDB_DISABLE_GIT="true", WANDB_ERROR_REPORTING="false", GIT_PYTHON_REFRESH="quiet")


def loss(run, step):
    return 1.0 / (1 + step * (run + 1) * 0.25) + 0.125 * run


def curves(run, steps):
    return {"train": [loss(run, s) for s in range(steps)], "val": [loss(run, s) + 0.0625 for s in range(steps)]}


def tensorboard(folder):
    from torch.utils.tensorboard import SummaryWriter
    for run in range(2):
        path = folder / f"run-{run}"
        data = curves(run, 40)
        # Two files a run, as after a restart.
        for part, suffix in ((range(0, 25), ".a"), (range(25, 40), ".b")):
            with SummaryWriter(str(path), filename_suffix=suffix) as writer:
                for step in part:
                    writer.add_scalar("Loss/train", data["train"][step], step)
                    writer.add_scalar("Loss/validation", data["val"][step], step)
        with SummaryWriter(str(path), filename_suffix=".c") as writer:
            writer.add_scalar("Loss/train", float("nan"), 40)
            writer.add_hparams({"lr": 0.01 * (run + 1), "optimizer": "adam", "nesterov": True}, {"hparam/best": 0.5}, run_name="hp")


def tensor_scalars(folder):
    """TF2's form, by tensorboard's own writer: rank-0 tensors, train and validation in folders of their own."""
    from tensorboard.compat.proto import event_pb2, summary_pb2, tensor_pb2, types_pb2
    from tensorboard.summary.writer.event_file_writer import EventFileWriter
    for split, offset in (("train", 0.0), ("validation", 0.0625)):
        writer = EventFileWriter(str(folder / "keras" / split))
        for step in range(10):
            tensor = tensor_pb2.TensorProto(dtype=types_pb2.DT_FLOAT)
            if step % 2:
                tensor.float_val.append(loss(0, step) + offset)
            else:
                import struct
                tensor.tensor_content = struct.pack("<f", loss(0, step) + offset)
            value = summary_pb2.Summary.Value(tag="epoch_loss", tensor=tensor)
            if step == 0:
                value.metadata.plugin_data.plugin_name = "scalars"
            writer.add_event(event_pb2.Event(wall_time=1.7e9 + step, step=step, summary=summary_pb2.Summary(value=[value])))
        writer.close()


def mlflow_both(folder, database):
    import mlflow
    for uri in (f"file://{folder}", f"sqlite:///{database}"):
        mlflow.set_tracking_uri(uri)
        mlflow.set_experiment("churn")
        for run in range(2):
            mlflow.start_run(run_name=f"mlf-{run}")
            mlflow.log_params({"learning_rate": 0.1 * (run + 1), "layers": "64,32"})
            data = curves(run, 30)
            for step in range(30):
                mlflow.log_metrics({"train_loss": data["train"][step], "val_loss": data["val"][step]}, step=step)
            mlflow.log_metric("val/acc", 0.75, step=29)
            mlflow.log_metric("odd", float("nan"), step=3)
            mlflow.set_tag("team", "blue")
            mlflow.end_run("FINISHED" if run == 0 else "FAILED")
    mlflow.set_tracking_uri("")
    # Small enough to keep: without the tables that hold none of this.
    db = sqlite3.connect(database, isolation_level=None)
    kept = {"experiments", "runs", "metrics", "latest_metrics", "params", "tags", "experiment_tags", "alembic_version"}
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
        if table not in kept:
            db.execute(f"DROP TABLE {table}")
    db.execute("UPDATE experiments SET artifact_location = '/logs'")
    db.execute("UPDATE runs SET artifact_uri = '/logs', user_id = 'ada'")
    db.execute("UPDATE tags SET value = 'ada' WHERE key = 'mlflow.user'")
    db.execute("PRAGMA page_size = 1024")
    db.execute("VACUUM")
    db.close()


def wandb_offline(folder):
    import wandb
    for run in range(2):
        os.makedirs(folder, exist_ok=True)
        job = wandb.init(project="churn", name=f"wb-{run}", dir=str(folder), config={"lr": 0.1 * (run + 1), "net": {"layers": [64, 32]}},
                         tags=["base"], mode="offline", settings=wandb.Settings(x_disable_stats=True, x_disable_meta=True, host="host", console="off", disable_git=True, save_code=False))
        steps = 120 if run == 0 else 40
        data = curves(run, steps)
        for step in range(steps):
            job.log({"train/loss": data["train"][step], "eval/loss": data["val"][step], "epoch": step / 40})
        job.finish(exit_code=0 if run == 0 else 1)
    keep_wandb_files(folder / "wandb")


def optuna_study(path):
    import optuna
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(study_name="tuned", storage=f"sqlite:///{path}", direction="minimize",
                                sampler=optuna.samplers.RandomSampler(seed=3),
                                pruner=optuna.pruners.ThresholdPruner(upper=1.9))

    def objective(trial):
        lr = trial.suggest_float("lr", 1e-4, 1, log=True)
        layers = trial.suggest_int("layers", 1, 4)
        kind = trial.suggest_categorical("optimizer", ["sgd", "adam"])
        for step in range(8):
            trial.report(layers * 0.5 + lr / (step + 1), step)
            if trial.should_prune():
                raise optuna.TrialPruned()
        if trial.number == 4:
            raise ValueError("broken on purpose")
        return layers + lr + (0.5 if kind == "sgd" else 0)

    study.optimize(objective, n_trials=6, catch=(ValueError,))
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA page_size = 512")
    db.execute("VACUUM")
    db.close()
    return [{"number": t.number, "state": t.state.name, "params": {k: str(v) for k, v in t.params.items()}, "value": t.value,
             "intermediate": [[s, v] for s, v in sorted(t.intermediate_values.items())]} for t in study.trials]


def texts(folder):
    folder.mkdir()
    data = curves(0, 30)
    with open(folder / "train.jsonl", "w") as file:
        file.write(json.dumps({"config": {"lr": 0.1, "model": "mlp"}}) + "\n")
        for step in range(30):
            row = {"step": step * 10, "epoch": step / 3, "time": 1.7e9 + step, "loss": data["train"][step], "lr": 0.1}
            if step % 5 == 4:
                row["eval"] = {"loss": data["val"][step], "accuracy": 0.5 + step / 100}
            file.write(json.dumps(row) + "\n")
    # As Keras' CSVLogger writes: epoch first, then sorted keys, NA where there is none.
    with open(folder / "keras.csv", "w") as file:
        file.write("epoch,accuracy,loss,val_accuracy,val_loss\n")
        for step in range(12):
            file.write(f"{step},{0.5 + step / 100},{data['train'][step]},{0.4 + step / 100 if step else 'NA'},{data['val'][step] if step else 'NA'}\n")
    # As Lightning's CSVLogger writes: sparse cells, sorted header.
    version = folder / "lightning_logs" / "version_0"
    version.mkdir(parents=True)
    with open(version / "metrics.csv", "w") as file:
        file.write("epoch,step,train_loss,val_loss\n")
        for step in range(12):
            file.write(f"{step // 4},{step},{data['train'][step]},\n")
            if step % 4 == 3:
                file.write(f"{step // 4},{step},,{data['val'][step]}\n")
    # A dataset, which is no log.
    (folder / "people.csv").write_text("name,age,churned\nAda,36,0\nBo,41,1\n")


def wandb_statistics(path):
    """What a .wandb file says of the machine, read with W&B's own messages."""
    import struct
    from wandb.proto import wandb_internal_pb2
    data, position, record, found = path.read_bytes(), 7, b"", {}
    while position + 7 <= len(data):
        left = 32768 - position % 32768
        if left < 7:
            position += left
            continue
        length, kind = struct.unpack("<HB", data[position + 4:position + 7])
        record = (b"" if kind in (1, 2) else record) + data[position + 7:position + 7 + length]
        position += 7 + length
        if kind in (1, 4):
            message = wandb_internal_pb2.Record.FromString(record)
            for item in message.stats.item:
                found.setdefault(item.key, []).append(json.loads(item.value_json))
    return found


def system(folder):
    import mlflow
    import time
    import wandb
    (folder / "wandb").mkdir(parents=True)
    job = wandb.init(project="churn", name="wb-system", dir=str(folder), notes="slow at first", tags=["base", "night"], mode="offline",
                     settings=wandb.Settings(x_stats_sampling_interval=0.5, x_disable_meta=True, host="host", console="off", disable_git=True, save_code=False))
    for step in range(5):
        job.log({"train/loss": loss(0, step)})
        time.sleep(0.4)
    job.finish()
    keep_wandb_files(folder / "wandb")
    mlflow.set_tracking_uri(f"file://{folder / 'mlruns'}")
    mlflow.set_experiment("churn")
    mlflow.set_system_metrics_sampling_interval(1)
    mlflow.set_system_metrics_samples_before_logging(1)
    with mlflow.start_run(run_name="mlf-system", description="slow at first", tags={"team": "blue", "night": "true"}, log_system_metrics=True) as run:
        for step in range(3):
            mlflow.log_metric("loss", loss(0, step), step=step)
            time.sleep(1)
    client = mlflow.MlflowClient()
    names = [name for name in client.get_run(run.info.run_id).data.metrics if name.startswith("system/")]
    histories = {name: [m.value for m in client.get_metric_history(run.info.run_id, name)] for name in names}
    mlflow.set_tracking_uri("")
    (file,) = (folder / "wandb").rglob("*.wandb")
    (folder / "expected.json").write_text(json.dumps({"wandb": wandb_statistics(file), "mlflow": histories}))


def keep_wandb_files(root):
    for path in sorted(root.rglob("*"), reverse=True):
        if path.is_symlink() or (path.is_file() and path.suffix != ".wandb"):
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()


def main():
    if len(sys.argv) > 1:
        shutil.rmtree(HERE / "system", ignore_errors=True)
        system(HERE / "system")
        return tidy()
    shutil.rmtree(HERE, ignore_errors=True)
    HERE.mkdir()
    tensorboard(HERE / "tensorboard")
    tensor_scalars(HERE / "tensorboard")
    mlflow_both(HERE / "mlruns", HERE / "mlflow.db")
    with tempfile.TemporaryDirectory() as scratch:
        wandb_offline(pathlib.Path(scratch))
        shutil.move(os.path.join(scratch, "wandb"), HERE / "wandb")
    expected = {"optuna": optuna_study(HERE / "optuna.db")}
    texts(HERE / "texts")
    system(HERE / "system")
    (HERE / "expected.json").write_text(json.dumps(expected))
    tidy()


def tidy():
    # Where the files were made is nobody's business.
    for meta in HERE.rglob("meta.yaml"):
        text = meta.read_text().replace(str(HERE), "/logs")
        meta.write_text("\n".join("user_id: ada" if l.startswith("user_id:") else l for l in text.splitlines()) + "\n")
    for tag in HERE.rglob("mlflow.user"):
        tag.write_text("ada")
    for tag in list(HERE.rglob("mlflow.source.*")):
        tag.unlink()
    total = sum(p.stat().st_size for p in HERE.rglob("*") if p.is_file())
    print(total, "bytes", file=sys.stderr)


if __name__ == "__main__":
    main()
