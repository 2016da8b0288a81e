import Cells
import Events
import Fairness
import Files
import JSON
import OutputFiles
import PrintableText
import Tables
import Training

/// `descent bias`: whether groups are treated alike by data and model.
enum BiasCommand {
    static let specification = CommandSpecification(
        words: ["bias"], summary: "measure whether groups are treated alike, by the data and by a model",
        details: """
            The metrics of SageMaker Clarify, each with its interval of 95 % and a sentence of what it says. The rows of --facet are \
            compared with all others: COL=V (or V1,V2), COL>NUMBER, COL<NUMBER, several with & between (their intersection), or a \
            COL alone for each of its values against the rest.

            With --predicted-label, a column of FILE, or --model, which predicts for the rows of FILE, the metrics of predictions \
            are measured, too. --group gives strata for conditional disparity, --segment the rows that alone count. \
            --compatible smclarify reads as its code does where that differs from the guide (labels that one group alone has, the \
            sign of the flip test). --config takes Clarify's analysis_config.json, --out writes its analysis.json.

            --remedy thresholds gives each group a threshold of its own, so that both have the same part of positive predictions: chosen \
            on the rows that --model was trained on, and measured on those it held out, bias and quality before and after. Who predicts \
            so has to know which group a row belongs to. --remedy reweigh trains the run again with its training rows weighed so that \
            labels do not depend on the groups (Kamiran and Calders), as `descent train --reweigh FACET` does, and measures both on the \
            rows that they held out.
            """,
        positionals: [.init(name: "FILE", help: "rows with labels")],
        options: [
            .init(name: "--label", value: "COL", help: "the column of labels"),
            .init(name: "--positive", value: "V", help: "which labels are positive: a value, several with commas, or >NUMBER"),
            .init(name: "--facet", value: "COL=V", help: "the rows to compare with all others", isRepeatable: true),
            .init(name: "--group", value: "COL", help: "strata for conditional disparity"),
            .init(name: "--predicted-label", value: "COL", help: "a column with predictions"),
            .init(name: "--model", value: "MODEL", help: "a run whose model predicts for these rows"),
            .init(
                name: "--remedy", value: "R",
                help: "mend the model's bias by thresholds or reweigh, and measure it on held-out rows"),
            .init(name: "--segment", value: "COL=V", help: "measure among these rows only"),
            .init(name: "--metrics", value: "LIST", help: "names with commas between (default: all)"),
            .init(name: "--compatible", value: "WHO", help: "smclarify: as its code reads"),
            .init(name: "--config", value: "FILE", help: "settings as in Clarify's analysis_config.json"),
            .init(name: "--out", value: "FILE", help: "write Clarify's analysis.json"),
        ],
        examples: [
            "descent bias adult.csv --label income --positive '>50K' --facet sex=Female --group marital-status",
            "descent bias loans.csv --label paid --positive yes --facet 'age<25' --model @best",
            "descent bias loans.csv --label paid --positive yes --facet 'age<25' --model @best --remedy thresholds",
            "descent bias loans.csv --label paid --positive yes --facet 'age<25' --model @best --remedy reweigh",
        ],
        readsData: true,
        run: { arguments in
            let input = try DataInput(arguments.positionals[0])
            var notes: [String] = []
            let table = try Table(contentsOf: input.path, options: try arguments.readOptions())
            arguments.say(table, input)
            if let remedy = arguments.value("--remedy") {
                let study: BiasStudy, answer: RemedyAnswer
                do throws(FairnessError) {
                    study = try BiasArguments.study(arguments, table, &notes)
                    answer = try RemedyAnswer(remedy, arguments, table)
                } catch { throw CommandError(error) }
                return try answer.tell(study, arguments, notes: notes)
            }
            do throws(FairnessError) {
                var study = try BiasArguments.study(arguments, table, &notes)
                if let name = arguments.value("--model") {
                    study.predicted = try BiasArguments.predictions(arguments, name, study, input, &notes)
                }
                let report = try study.report(on: table)
                try tell(report, study, arguments, notes: notes)
            } catch { throw CommandError(error) }
            return .done
        })

    private static func tell(
        _ report: BiasReport, _ study: BiasStudy, _ arguments: ParsedArguments, notes: [String]
    ) throws(FairnessError) {
        if !arguments.flag("--quiet") { for note in notes + report.notes { Console.note("note: \(note.printable)") } }
        if let path = arguments.value("--out") {
            do {
                try OutputFile.write(
                    report.clarifyJSON(label: study.label, positive: study.positive.value).text + "\n", to: path)
            } catch { throw FairnessError(.badRequest, "\(error)") }
        }
        if arguments.flag("--json") {
            Console.print(BiasText.json(report).text)
        } else if arguments.value("--out") != OutputFile.standardOutput {
            Console.printRaw(BiasText.text(report, study))
        }
    }
}

extension CommandError {
    init(_ error: FairnessError) {
        self.init(code: error.code == .badData ? .data : .usage, description: error.message)
    }
}
