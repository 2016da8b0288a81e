import Events
import JSON
import Testing

@Suite("Which way a metric is better")
struct MetricDirectionTests {
    @Test(
        "scores and rewards are maximised",
        arguments: [
            "eval/rewards/mean", "episode_reward", "rollout/ep_rew_mean", "charts/episodic_return", "val_dice", "mean_iou",
            "mIoU",
            "bbox_mAP_50", "metrics/mAP50-95(B)", "validation:ndcg_at_10", "mrr", "psnr", "ssim", "rougeL", "rouge1", "eval_bleu",
            "sacrebleu", "exact_match", "em", "mcc", "pr_auc", "average_precision", "explained_variance", "score", "win_rate",
            "winrate", "hit_rate", "recall_at_5", "recall@5", "precision", "Validation Accuracy", "val_acc", "f1_macro",
            "macro_f1",
            "r2", "r2_score", "roc_auc", "val_AUROC", "cohen_kappa", "elo", "top1", "acc_top5", "neg_mean_squared_error",
            "neg_log_loss", "log_likelihood", "elbo", "spearman_r", "silhouette_score", "pass_at_1", "true_positive_rate",
            "negative_predictive_value", "interval-regression-accuracy", "explained_variance_ratio", "train:silhouette_sampled",
        ])
    func maximised(_ name: String) { #expect(MetricName(name).direction == .maximised) }

    @Test(
        "losses and errors are minimised, whatever else is named",
        arguments: [
            "loss", "train:loss", "val_loss", "score_loss", "dice_loss", "loss_iou", "accuracy_loss", "reward_model_loss",
            "error_rate", "top1_error", "rmse", "mae", "mse", "perplexity", "eval/ppl", "wer", "cer", "fid", "fid_score", "kl",
            "objective/kl", "approx_kl", "nll", "brier_score", "cross_entropy", "bits_per_byte", "log_loss", "mlogloss",
            "val_bce",
            "negative_log_likelihood", "neg_log_likelihood", "false_positive_rate", "word_error_rate", "equal_error_rate",
            "smape",
            "poisson-nloglik", "gamma-deviance", "regret", "edit_distance", "davies_bouldin_score", "mphe", "quantile",
        ])
    func minimised(_ name: String) { #expect(MetricName(name).direction == .minimised) }

    @Test(
        "what says neither is unknown",
        arguments: [
            "lr", "learning_rate", "map_size", "loss_scale", "reward_std", "grad_norm", "epoch_time", "samples_per_second",
            "iou_threshold", "ep_len_mean", "entropy", "intermediate_value", "value", "foo", "", "system:cpu_percent", "memory",
            "num_correct", "q_mean", "neg_foo", "temperature", "success_steps",
        ])
    func unknown(_ name: String) { #expect(MetricName(name).direction == .unknown) }

    @Test("nothing is better where the direction is not known, and the wire keeps it")
    func objective() throws {
        let objective = Objective(metric: MetricName("foo"), direction: .unknown)
        #expect(!objective.isBetter(1, than: 2) && !objective.isBetter(2, than: 1) && !objective.isBetter(1, than: .nan))
        var record = WireTests.record
        record.objective = objective
        let json = JSONValue.object((record.json.members ?? []) + [.init("run", .string("abcd1234"))])
        #expect(RunRecord(json: try JSONValue(parsing: json.text))?.objective == objective)
    }

    @Test("a run that is judged by another metric knows its best at once")
    func judgedAnew() {
        var record = WireTests.record
        record.objective = Objective(metric: MetricName("reward"), direction: .unknown)
        var run = RunSummary(record: record)
        for (step, value) in [1.0, 3, 2].enumerated() { run.apply(MetricName("reward"), value, step: step, epoch: 0) }
        #expect(run.bestObjective == nil && run.bestStep == nil)
        record.objective.direction = .maximised
        run.apply(StudioEvent(sequence: 1, wallTime: 0, run: record.id, kind: .run(.registered(record))))
        #expect(run.bestObjective == 3 && run.bestStep == 1)
    }
}
