import Interop
import Testing

@testable import Scripts

/// What frameworks wrote in whole runs: as Keras 3.15, Lightning 2.6, Transformers 5.24, XGBoost 3, LightGBM 4.7 and scikit-learn 1.9 do.
struct RealOutputTests {
    private struct Read {
        var values: [String] = []
        var notes: [String] = []
    }

    /// Reads it as a script's output is read.
    private func read(_ text: String) throws -> Read {
        var lines = OutputLines()
        var metrics = try OutputMetrics([])
        var values: [LoggedValue] = []
        Array(text.utf8).withUnsafeBytes {
            lines.take($0, overwritten: { values += metrics.takeOverwritten($0) }) { line, _ in values += metrics.take(line) }
        }
        lines.finish { line, _ in values += metrics.take(line) }
        values += metrics.finish()
        return Read(values: values.map { "\($0.name)@\($0.step)=\($0.value)" }, notes: metrics.takeNotes())
    }

    @Test func whatKerasPrintsOfAnEvaluationIsNoFurtherEpoch() throws {
        let text = """
            Epoch 1/2
            10/10 - 0s - 11ms/step - accuracy: 0.4800 - loss: 0.7054 - val_accuracy: 0.6000 - val_loss: 0.6189 - learning_rate: 0.1000
            Epoch 2/2
            10/10 - 0s - 10ms/step - accuracy: 0.5333 - loss: 0.6425 - val_accuracy: 0.6000 - val_loss: 0.5907 - learning_rate: 0.1000
            7/7 - 0s - 7ms/step - accuracy: 0.8600 - loss: 0.5520
            [0.5520422458648682, 0.8600000143051147]
            """
        #expect(
            try read(text).values == [
                "accuracy@1=0.48", "loss@1=0.7054", "val_accuracy@1=0.6", "val_loss@1=0.6189", "learning_rate@1=0.1",
                "accuracy@2=0.5333", "loss@2=0.6425", "val_accuracy@2=0.6", "val_loss@2=0.5907", "learning_rate@2=0.1",
                "test/accuracy@2=0.86", "test/loss@2=0.552",
            ])
    }

    @Test func epochsOfAFurtherFitGoOnCounting() throws {
        let fits = """
            Epoch 1/2
            7/7 - 0s - 5ms/step - loss: 0.6550
            Epoch 2/2
            7/7 - 0s - 2ms/step - loss: 0.6525
            Epoch 1/2
            7/7 - 0s - 5ms/step - loss: 0.6517
            Epoch 2/2
            7/7 - 0s - 4ms/step - loss: 0.6483

            """
        let found = try read(fits)
        #expect(found.values == ["loss@1=0.655", "loss@2=0.6525", "loss@3=0.6517", "loss@4=0.6483"])
        #expect(found.notes.contains { $0.hasPrefix("epochs begin anew in its output") })
        let single = "Epoch 1/1\n7/7 - 0s - 5ms/step - loss: 0.6\n"
        #expect(try read(single + single + single).values == ["loss@1=0.6", "loss@2=0.6", "loss@3=0.6"])
        // Of two processes that print the same, each line is of the same epoch.
        let both = "Epoch 1/2\nEpoch 1/2\n7/7 - 0s - 5ms/step - loss: 0.6\n7/7 - 0s - 5ms/step - loss: 0.6\nEpoch 2/2\n"
        #expect(try read(both).values == ["loss@1=0.6", "loss@1=0.6"])
    }

    @Test func aBarThatIsWrittenAgainSaysTheNewestOfItsEpoch() throws {
        // Lightning's bar at its end still has the values of the epoch before, and is written over when there are newer ones.
        let text =
            "\rEpoch 0:   0%|          | 0/8 [00:00<?, ?it/s]"
            + "\rEpoch 0: 100%|██████████| 8/8 [00:00<00:00, 72.68it/s, v_num=0, train_loss_step=0.651]\n"
            + "\rValidation: |          | 0/? [00:00<?, ?it/s]\n"
            + "\rValidation DataLoader 0: 100%|██████████| 8/8 [00:00<00:00, 597.68it/s]"
            + "\rEpoch 0: 100%|██████████| 8/8 [00:00<00:00, 39.17it/s, v_num=0, train_loss_step=0.651, val_loss=0.629, train_loss_epoch=0.646]"
            + "\rEpoch 0:   0%|          | 0/8 [00:00<?, ?it/s, v_num=0, train_loss_step=0.651, val_loss=0.629, train_loss_epoch=0.646]"
            + "\rEpoch 1:  50%|█████     | 4/8 [00:00<00:00, 43.09it/s, v_num=0, train_loss_step=0.643, val_loss=0.629, train_loss_epoch=0.646]"
            + "\rEpoch 1: 100%|██████████| 8/8 [00:00<00:00, 73.60it/s, v_num=0, train_loss_step=0.627, val_loss=0.629, train_loss_epoch=0.646]\n"
            + "\rEpoch 1: 100%|██████████| 8/8 [00:00<00:00, 36.65it/s, v_num=0, train_loss_step=0.627, val_loss=0.616, train_loss_epoch=0.627]"
            + "`Trainer.fit` stopped: `max_epochs=2` reached.\n"
            + "\rEpoch 1: 100%|██████████| 8/8 [00:00<00:00, 36.65it/s, v_num=0, train_loss_step=0.627, val_loss=0.616, train_loss_epoch=0.627]\n"
        #expect(
            try read(text).values == [
                "train_loss_step@0=0.651", "val_loss@0=0.629", "train_loss_epoch@0=0.646",
                "train_loss_step@1=0.627", "val_loss@1=0.616", "train_loss_epoch@1=0.627",
            ])
    }

    @Test func aBarOfALoopOfOnesOwn() throws {
        let text =
            "\rEpoch 0: 100%|██████████| 20/20 [00:00<00:00, 96.03it/s, acc=0.5, loss=0.513]\n"
            + "\rEpoch 1: 100%|██████████| 20/20 [00:00<00:00, 96.13it/s, acc=0.5, loss=0.339]\nval_loss 0.4\n"
        #expect(
            try read(text).values == ["acc@0=0.5", "loss@0=0.513", "acc@1=0.5", "loss@1=0.339", "val_loss@1=0.4"])
    }

    @Test func theNarrowColumnBehindTheBarOfRich() throws {
        let text = """
            Epoch 3/3  ━━━━━━━━━━━━━━━━━ 8/8 0:00:00 • 0:00:00 197.84it/s train_loss_step:  \n\
                                                                          0.606 val_loss:   \n\
                                                                          0.597 val_acc:    \n\
                                                                          0.766             \n\
                                                                          train_loss_epoch: \n\
                                                                          0.606             \n\
            `Trainer.fit` stopped: `max_epochs=4` reached.
            ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━┓
            ┃      Validate metric      ┃       DataLoader 0        ┃
            ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━┩
            │          val_f1           │         0.546875          │
            └───────────────────────────┴───────────────────────────┘
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                   Test metric             DataLoader 0
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
                    accuracy              0.546875
            ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
            """
        #expect(
            try read(text).values == [
                "train_loss_step@3=0.606", "val_loss@3=0.597", "val_acc@3=0.766", "train_loss_epoch@3=0.606", "val_f1@3=0.546875",
                "test/accuracy@3=0.546875",
            ])
    }

    @Test func whatHuggingFaceSumsUpIsNoPointOfACurve() throws {
        let found = try read(
            """
            {'loss': '0.6859', 'grad_norm': '0.6842', 'learning_rate': '0.009583', 'epoch': '0.25'}
            {'loss': '0.6918', 'grad_norm': '0.6607', 'learning_rate': '0.007083', 'epoch': '1'}
            {'eval_loss': '0.6887', 'eval_runtime': '0.0105', 'eval_samples_per_second': '6113', 'eval_steps_per_second': '764.1', 'epoch': '1'}
            {'train_runtime': '0.1474', 'train_samples_per_second': '1303', 'train_steps_per_second': '162.8', 'train_loss': '0.6823', 'epoch': '3'}

            """)
        #expect(
            found.values == [
                "loss@1=0.6859", "grad_norm@1=0.6842", "learning_rate@1=0.009583", "loss@2=0.6918", "grad_norm@2=0.6607",
                "learning_rate@2=0.007083", "eval_loss@2=0.6887",
            ])
        #expect(found.notes.first?.contains("its lines are counted") == true)
    }

    @Test func lightGBMsOwnAffairsAndItsBestRoundAreNoMetrics() throws {
        let text = """
            [LightGBM] [Info] [binary:BoostFromScore]: pavg=0.530000 -> initscore=0.120144
            [LightGBM] [Info] Start training from score 0.120144
            [1]\tvalid_0's auc: 0.954911
            Training until validation scores don't improve for 3 rounds
            [2]\tvalid_0's auc: 0.999195
            [3]\tvalid_0's auc: 0.993559
            Early stopping, best iteration is:
            [2]\tvalid_0's auc: 0.999195

            """
        #expect(
            try read(text).values == ["validation/auc@1=0.954911", "validation/auc@2=0.999195", "validation/auc@3=0.993559"])
    }

    @Test func roundsOfAFurtherBoosterGoOnCounting() throws {
        let text = "[0]\ttrain-logloss:0.5\n[3]\ttrain-logloss:0.3\n[0]\ttrain-logloss:0.6\n[1]\ttrain-logloss:0.4\n"
        #expect(
            try read(text).values
                == ["train-logloss@0=0.5", "train-logloss@3=0.3", "train-logloss@4=0.6", "train-logloss@5=0.4"])
    }

    @Test func scikitLearn() throws {
        #expect(
            try read(
                """
                      Iter       Train Loss      OOB Improve   Remaining Time \n\
                         1           1.2678           0.0209            0.03s
                        10           0.7187           0.0081            1.05m

                """
            ).values == ["train/loss@1=1.2678", "train/loss@10=0.7187"])
        #expect(
            try read(
                """
                Iteration 1, loss = 0.66649854
                Validation score: 0.600000
                Iteration 2, loss = 0.66555453
                Validation score: 0.650000

                """
            ).values
                == ["loss@1=0.66649854", "validation_score@1=0.6", "loss@2=0.66555453", "validation_score@2=0.65"])
        // One classifier after another, of several classes.
        #expect(
            try read(
                """
                -- Epoch 1
                Norm: 19.27, NNZs: 4, Bias: -0.641607, T: 300, Avg. loss: 0.116288, Objective: 0.129123
                Total training time: 0.00 seconds.
                -- Epoch 2
                Norm: 18.94, NNZs: 4, Bias: -0.417409, T: 600, Avg. loss: 0.043370, Objective: 0.060572
                -- Epoch 1
                Norm: 32.10, NNZs: 4, Bias: 25.729769, T: 300, Avg. loss: 1.012407, Objective: 1.055062

                """
            ).values == ["loss@1=0.116288", "loss@2=0.04337", "loss@3=1.012407"])
    }
}
