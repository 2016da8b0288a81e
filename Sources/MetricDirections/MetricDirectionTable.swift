/// The words of metrics' names that say whether less or more is better.
///
/// - Source: names of scikit-learn, XGBoost, torchmetrics, the COCO, GLUE and MTEB benchmarks, Stable-Baselines3 and TRL.
enum MetricDirectionTable {
    struct Phrase {
        let words: [String]
        let direction: MetricDirection

        init(_ text: String, _ direction: MetricDirection) {
            words = text.split(separator: " ").map(String.init)
            self.direction = direction
        }
    }

    /// Longer ones first.
    static let phrases: [Phrase] = {
        let maximised = [
            "explained variance ratio", "explained variance", "exact match", "average precision", "average recall", "win rate",
            "hit rate", "hit ratio", "success rate", "solve rate", "pass rate", "true positive rate", "true negative rate",
            "detection rate", "log likelihood", "f beta", "f measure", "f score", "f 1", "r 2", "r squared", "v measure",
            "c index",
            "rand index", "mutual information", "top k", "pass at", "p at", "hits at", "hit at", "calinski harabasz",
            "sharpe ratio",
            "inception score", "si sdr", "si snr", "rand score", "auc pr", "accept rate", "positive predictive value",
            "negative predictive value",
        ]
        let minimised = [
            "false positive rate", "false negative rate", "false discovery rate", "false alarm rate", "miss rate", "failure rate",
            "collision rate", "fail rate", "equal error rate", "cross entropy", "neg log likelihood", "negative log likelihood",
            "bits per byte", "bits per character", "bits per char", "bits per dim", "edit distance", "chamfer distance",
            "hausdorff distance", "frechet distance", "frechet inception distance", "wasserstein distance", "kl divergence",
            "kl div",
            "brier score", "davies bouldin", "abs rel", "sq rel", "mean squared log",
        ]
        let all = maximised.map { Phrase($0, .maximised) } + minimised.map { Phrase($0, .minimised) }
        return all.sorted { $0.words.count > $1.words.count }
    }()

    static let words: [String: MetricDirection] = {
        let maximised = """
            accuracy acc precision pre recall f1 f2 f1score fscore fbeta fmeasure auc auroc auprc aupr aucpr rocauc prauc mcc matthews \
            kappa r2 r2score dice jaccard iou miou giou map map50 ap ndcg dcg mrr psnr ssim msssim vif bleu sacrebleu chrf rouge \
            rougel rougelsum meteor cider spice bertscore em top1 top5 top10 sensitivity specificity tpr tnr ppv npv reward rewards \
            rew return returns ret elo winrate wins success solved hit hits correct likelihood loglik loglikelihood elbo silhouette \
            ari nmi ami homogeneity completeness pearson spearman spearmanr pearsonr kendall tau correlation corr plcc srcc srocc \
            concordance cindex pesq stoi sdr sisdr snr sisnr mos fitness sharpe gmean mauc hota mota motp idf1 pck oks pq
            """
        let minimised = """
            cost mse rmse mae mape smape wape mase nrmse rmsle msle rmsd mphe medae nll nloglik perplexity ppl pplx wer cer ter mer \
            eer fid kid fvd lpips niqe brisque kl kld brier deviance hinge bce ce xent crossentropy pinball quantile ece mce regret \
            fpr fnr fdr epe ade fde mpjpe bpb bpc bpd sse rss msd ssd inertia aic bic levenshtein divergence der merror chamfer \
            absrel violation violations failures
            """
        var words: [String: MetricDirection] = [:]
        for word in maximised.split(separator: " ") { words[String(word)] = .maximised }
        for word in minimised.split(separator: " ") { words[String(word)] = .minimised }
        return words
    }()

    /// What counts only when no other word says more: an `anomaly_score` is a score, but a `brier_score` is not one to maximise.
    static let weakScores: Set<String> = ["score", "scores"]

    /// What is said about a metric or about the training rather than how good it is.
    static let aboutMetrics: Set<String> = [
        "std", "stdev", "stddev", "deviation", "var", "variance", "size", "sizes", "scale", "scaler", "scaling", "weight",
        "weights",
        "coef", "coefficient", "coeff", "threshold", "lr", "learning", "grad", "gradient", "norm", "time", "times", "seconds",
        "sec",
        "secs", "duration", "memory", "mem", "count", "counts", "num", "number", "length", "len", "steps", "temperature", "beta",
        "momentum", "decay", "code", "samples", "tokens", "throughput", "per", "speed", "fps", "gpu", "cpu", "id", "index",
        "rank",
        "seed", "epoch", "feature", "features", "config", "hparams", "reduction", "patience", "delta", "margin", "support",
    ]
}
