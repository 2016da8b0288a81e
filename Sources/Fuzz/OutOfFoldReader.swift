import AutoML

/// What models of folds predict, as a run leaves it.
enum OutOfFoldReader {
    static var all: FuzzedReader { FuzzedReader(name: "out-of-fold") { _ in predictions() } }

    private static func predictions() -> Subject {
        Subject(
            samples: [
                Sample("numbers", text: "row,fold,y,prediction\n1,1,2.5,2.0\n3,2,-1,1e2\n"),
                Sample("two classes", text: "row,fold,y,prediction,score\n1,1,no,no,0.25\n2,2,\"ye,s\",\"ye,s\",0.75\n"),
                Sample(
                    "three classes", text: "row,fold,y,prediction,score_a,score_b,\"score_\"\"c\"\"\"\n1,1,a,b,0.25,0.5,0.25\n"),
            ]
        ) { sample in
            var refusals: [String] = []
            for classes in [nil, ["no", "ye,s"], ["a", "b", "\"c\""]] {
                do throws(HeldOutPredictions.Fault) {
                    let found = try HeldOutPredictions(outOfFold: sample.text, classes: classes)
                    let width = classes.map { $0.count > 2 ? $0.count : 1 } ?? 1
                    guard found.predicted.count == found.rows.count * width, found.expected.count == found.rows.count else {
                        return .wrong("rows and predictions differ in number")
                    }
                } catch { refusals.append(error.description) }
            }
            return refusals.count < 3 ? .accepted : .refused(refusals[0])
        }
    }
}
