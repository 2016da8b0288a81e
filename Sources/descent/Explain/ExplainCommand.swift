import Cells
import Events
import Explaining
import JSON
import OutputFiles
import Tables
import Training

/// `descent explain`: what each column did to a model's predictions.
enum ExplainCommand {
    static let specification = CommandSpecification(
        words: ["explain"], summary: "say what each column did to a model's predictions",
        details: """
            Shapley values: with the expected value, those of a row add up to its prediction. Of trees and linear models they are \
            exact; of a network with up to 10 columns every coalition of columns is tried, with more a sample of them (--samples), \
            and the error of the sampling is said; with more than 200, as with --method deep. They are of the margin (log-odds of a class, a regressor's prediction before its \
            link) unless --space probability asks for probabilities.

            Absent columns take their values from a background: of trees the training rows, by their ways through each tree, \
            unless --baseline names rows; otherwise rows of the training data, or of FILE where they are gone.

            --method deep leads differences of a network back through its layers (DeepSHAP): approximate, exactly additive, and quick also \
            for many columns. --beside tells the rows of FILE that two models see most differently, and the columns whose values differ \
            most between them.

            --rows N explains the first N rows. Without it all are explained, or, where every row takes many predictions, 100 that are \
            spread over FILE.

            --pdp shows how the prediction goes with one column alone; --permutation how much worse the model is on FILE when a \
            column's values are exchanged among rows; --counterfactual with --row K the smallest change after which the model says \
            something else. --config takes SageMaker Clarify's analysis_config.json, --analysis writes its analysis.json.
            """,
        positionals: [
            .init(
                name: "MODEL",
                help: "a run's name, its id, a unique prefix of either, @latest, @best, @best:TARGET, or an AutoML job"),
            .init(name: "FILE", help: "rows to explain"),
        ],
        options: [
            .init(name: "--row", value: "K", help: "explain row K alone, the first is 1"),
            .init(name: "--method", value: "M", help: "auto (default), tree, linear, deep, exact or kernel"),
            .init(
                name: "--baseline", value: "B",
                help: "where absent columns take values from: a FILE, rows=K or kmeans=K of the training data"),
            .init(name: "--beside", value: "MODEL", help: "another run's model: where the two disagree, and why"),
            .init(name: "--out", value: "FILE", help: "write the values as CSV, a column for each input column"),
            .init(name: "--space", value: "S", help: "margin (default) or probability"),
            .init(
                name: "--samples", value: "N",
                help: "coalitions a row with --method kernel (default: as Clarify, 2 × columns + 2048)"),
            .init(name: "--interactions", help: "of trees: also what pairs of columns do together"),
            .init(name: "--agg", value: "A", help: "how rows become one number: mean_abs (default), median or mean_sq"),
            .init(name: "--pdp", value: "COL", help: "partial dependence on a column", isRepeatable: true),
            .init(name: "--permutation", value: "METRIC", help: "permutation importance by a metric, such as loss or roc_auc"),
            .init(name: "--counterfactual", value: "GOAL", help: "with --row: `other`, a class, or LOW:HIGH of a regressor"),
            .init(name: "--keep", value: "COL", help: "a column that a counterfactual must not change", isRepeatable: true),
            .init(name: "--config", value: "FILE", help: "settings as in Clarify's analysis_config.json"),
            .init(name: "--analysis", value: "FILE", help: "write Clarify's analysis.json"),
            .init(name: "--against", value: "FILE", help: "an earlier analysis.json: say whether the columns' ranking has kept"),
        ],
        examples: [
            "descent explain @best sample-data/insurance.csv", "descent explain @best sample-data/insurance.csv --row 3",
            "descent explain @best churn.csv --pdp tenure --out values.csv", "descent explain trees churn.csv --beside line",
        ],
        readsData: true,
        run: { arguments in
            let request = try ExplainRequest(arguments)
            let given = try ModelOnRows(arguments, prepared: true), (model, table) = (given.model, given.table)
            if !arguments.flag("--quiet") { for warning in model.warnings(for: table) { Console.note(warning.line) } }
            if let name = request.beside {
                let work = try BesideWork(given, name, request, arguments)
                do throws(ExplainingError) { try work.carryOut(json: arguments.flag("--json")) } catch {
                    throw CommandError(error)
                }
                return .done
            }
            try ExplainWork(
                chosen: given.chosen, model: model, table: table, input: given.input, request: request,
                quiet: arguments.flag("--quiet"),
                json: arguments.flag("--json")
            ).carryOut()
            return .done
        })
}

extension CommandError {
    init(_ error: ExplainingError) {
        let code: ExitCode =
            switch error.code {
            case .badData: .data
            case .badRequest, .unsupported: .usage
            case .noMemory: .failed
            }
        self.init(code: code, description: error.message)
    }
}
