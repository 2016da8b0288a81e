import Interop
import Testing

@testable import Scripts

/// Lines that the tools themselves wrote.
struct OutputMetricsTests {
    private func values(_ lines: String..., metrics: [String] = []) throws -> [String] {
        var reader = try OutputMetrics(try metrics.map { try MetricDefinition(parsing: $0) })
        return lines.flatMap { reader.take(Array($0.utf8)) }.map { "\($0.name)@\($0.step)=\($0.value)" }
    }

    @Test func keras() throws {
        #expect(
            try values(
                "Epoch 1/2", "2/3 - 0s - 36ms/step - accuracy: 0.3 - loss: 0.9",
                "3/3 - 0s - 36ms/step - accuracy: 0.4115 - loss: 0.7935 - val_loss: 0.7585", "Epoch 2/2",
                "3/3 ━━━━━━━━━━━━━━━━━━━━ 0s 12ms/step - accuracy: 0.5 - loss: 7.9e-05 - val_loss: nan")
                == [
                    "accuracy@1=0.4115", "loss@1=0.7935", "val_loss@1=0.7585", "accuracy@2=0.5", "loss@2=7.9e-05",
                    "val_loss@2=nan",
                ])
    }

    @Test func quotedSourceIsNotMeasured() throws {
        #expect(
            try values(
                "epoch 1 loss=0.7", "Traceback (most recent call last):", "  File \"/a/train.py\", line 7, in <module>",
                "    fit(loss=0.001, accuracy=0.999)", "    ~~~^^^^^^", "  File \"/a/train.py\", line 3, in fit",
                "    raise ValueError(f'loss={loss}')", "ValueError: loss=0.002", "epoch 2 loss=0.6") == [
                    "loss@1=0.7", "loss@2=0.6",
                ])
        #expect(
            try values(
                "[rank1]:   File \"/a/train.py\", line 7, in <module>", "[rank1]:     fit(loss=0.001)",
                "[rank1]: torch.OutOfMemoryError: loss=3") == [])
        #expect(
            try values("/a/train.py:12: UserWarning: slow", "  step(epoch=1, loss=0.5)", "epoch 3 loss=0.5") == ["loss@3=0.5"])
        // What a program indents by itself is read, and so is what looks like an exception's name without one.
        #expect(try values("  epoch 1 loss=0.7", "Loss: 0.5").count == 2)
    }

    @Test func huggingFaceOfBothSpellings() throws {
        #expect(
            try values(
                "{'loss': '0.7016', 'grad_norm': '0.615', 'learning_rate': '4.375e-05', 'epoch': '0.5'}",
                "{'loss': 0.5, 'grad_norm': 0.6, 'learning_rate': 1e-05, 'epoch': 1.0}", "{'eval_loss': '0.61', 'epoch': '1'}")
                == [
                    "loss@1=0.7016", "grad_norm@1=0.615", "learning_rate@1=4.375e-05", "loss@2=0.5", "grad_norm@2=0.6",
                    "learning_rate@2=1e-05", "eval_loss@2=0.61",
                ])
    }

    @Test func boosting() throws {
        #expect(
            try values("[0]\ttrain-logloss:0.48551\tvalidation-auc:0.96080", "[12:00:01] [1]#011train-logloss:0.4")
                == ["train-logloss@0=0.48551", "validation-auc@0=0.9608", "train-logloss@1=0.4"])
        #expect(
            try values("[2]\ttraining's auc: 0.977781\tvalid_1's binary_logloss: 0.560069")
                == ["train/auc@2=0.977781", "validation/binary_logloss@2=0.560069"])
        #expect(
            try values("3:\tlearn: 0.4171747\ttest: 0.3991684\tbest: 0.3991684 (3)\ttotal: 54.3ms\tremaining: 27.1ms")
                == ["train/loss@3=0.4171747", "validation/loss@3=0.3991684"])
    }

    @Test func fastaiRowsHaveTheNamesOfTheirHeader() throws {
        #expect(
            try values(
                "epoch     train_loss  valid_loss  accuracy  time    ", "0         1.102223    0.367693    0.916667  00:00     ")
                == ["train_loss@0=1.102223", "valid_loss@0=0.367693", "accuracy@0=0.916667"])
    }

    @Test func mmengine() throws {
        let line =
            "10/12 10:00:00 - mmengine - INFO - Iter(train) [ 50/30895]  base_lr: 7.9e-05 lr: 7.9e-05  eta: 2 days, 7:32:05  "
            + "time: 1.07  data_time: 0.08  memory: 15079  grad_norm: nan  loss: 859.5"
        #expect(try values(line) == ["lr@50=7.9e-05", "grad_norm@50=nan", "loss@50=859.5"])
    }

    @Test func wordsBesideNumbers() throws {
        #expect(
            try values("Epoch 3/10, Loss: 0.41 val_acc=0.9 time: 12.5s") == ["loss@3=0.41", "val_acc@3=0.9"])
        #expect(
            try values("step 120 | loss 2.5e-1 | lr 1e-3 | 12:30:01") == ["loss@120=0.25", "lr@120=0.001"])
        #expect(
            try values("Test set: Average loss: 0.0531, Accuracy: 9825/10000 (98%)")
                == ["test/loss@1=0.0531", "test/accuracy@1=0.9825"])
        #expect(
            try values("epoch 3: train:loss: 0.6  validation:loss: 0.7  validation:accuracy: 0.88")
                == ["train:loss@3=0.6", "validation:loss@3=0.7", "validation:accuracy@3=0.88"])
        #expect(try values("Iteration 1, loss = 0.95834") == ["loss@1=0.95834"])
        #expect(try values("-- Epoch 4", "T: 500, Avg. loss: 4.388392, objective: 3") == ["loss@4=4.388392"])
    }

    @Test func whatIsNoMetricIsLeftAlone() throws {
        #expect(
            try values(
                "Downloading 45 files", "loading model v2.3.1", "saved to /tmp/loss-3/file 7", "best loss so far: 0.3",
                "2026-11-28 10:00:00 INFO started", "elapsed 12.5", "warning: error 404 at line 3"
            ).allSatisfy { $0.hasPrefix("error") })
    }

    @Test func jsonLines() throws {
        #expect(
            try values(#"{"step": 7, "loss": 0.5, "val": {"acc": NaN}}"#) == ["loss@7=0.5", "val/acc@7=nan"])
    }

    @Test func whatIsNoStepStandsAtTheStepBefore() throws {
        var reader = try OutputMetrics([])
        let lines = [
            #"{"step": 2, "loss": 0.5}"#, #"{"step": null, "val_loss": 0.6}"#, #"{"step": 3.7, "loss": 0.4}"#,
            #"{"step": "5", "loss": 0.3}"#, #"{"step": NaN, "val_loss": 0.5}"#, #"{"step": 1e300, "acc": 0.5}"#,
            #"{"step": -1, "loss": 0.2}"#,
        ]
        let values = lines.flatMap { reader.take(Array($0.utf8)) }.map { "\($0.name)@\($0.step)" }
        #expect(values == ["loss@2", "val_loss@2", "loss@4", "loss@5", "val_loss@5", "acc@5", "loss@-1"])
        let notes = reader.takeNotes()
        #expect(notes.filter { $0.contains("a step in its output is none") }.count == 1)
        #expect(notes.filter { $0.contains("step has fractions") }.count == 1)
    }

    @Test func whatTheUserDefinesIsAllThatIsRead() throws {
        let metrics = ["validation:rmse=rmse: ([0-9.]+)", #"train:loss=\[(?<step>\d+)\] l=(?<value>[^;]+)"#]
        #expect(
            try values("[40] l=1e-3;", "epoch 2 rmse: 3.5", "rmse: 3.25", "rmse: oops", "loss: 0.1", metrics: metrics)
                == ["train:loss@40=0.001", "validation:rmse@2=3.5", "validation:rmse@2=3.25"])
    }

    @Test func theNumberIsTheFirstGroupThatIsNoPlace() throws {
        #expect(
            try values("epoch 7 acc 0.5", "epoch 9 acc 0.75", metrics: [#"acc=epoch (?<step>\d+) acc ([0-9.]+)"#])
                == ["acc@7=0.5", "acc@9=0.75"])
        #expect(throws: ScriptError.self) { try OutputMetrics([MetricDefinition(parsing: #"a=(?<step>\d+)"#)]) }
    }

    @Test func aWrongPatternSaysWhere() {
        #expect(throws: ScriptError.self) { try MetricDefinition(parsing: "a=(b") }
        #expect(throws: ScriptError("a='b+': put the number into parentheses, such as 'b+ ([0-9.]+)'")) {
            try MetricDefinition(parsing: "a=b+")
        }
        #expect(throws: ScriptError.self) { try MetricDefinition(parsing: "nothing") }
    }

    @Test func aPatternThatBacktracksForEverHoldsUpNobody() throws {
        #expect(try values(String(repeating: "a", count: 40) + "!", metrics: ["x=(a+)+(1)$"]).isEmpty)
    }
}
