import Numerics
import Testing

@testable import Learners

/// Against scikit-learn 1.9.1 on `Samples`, features by StandardScaler. Single precision explains the tolerance of 1e-4.
@Suite struct LinearReferenceTests {
    static func expectClose(_ found: [Double], _ expected: [Double], _ tolerance: Double = 1e-4) {
        #expect(found.count == expected.count)
        for (a, b) in zip(found, expected) { #expect(abs(a - b) < tolerance, "\(found) is not \(expected)") }
    }

    @Test func `squared loss gives LinearRegression's coefficients`() throws {
        let trainer = try Samples.trainer(.regressor, Samples.exact)
        trainer.finish()
        let fit = trainer.currentModel().coefficients
        Self.expectClose(fit.intercepts, [3.0070726997005703])
        Self.expectClose(
            fit.coefficients,
            [1.5090994664860324, -2.0020254084319986, 0.4997532377499829, 0.25121828441738847, -1.001179454724202])
    }

    @Test func `wd gives Ridge's coefficients`() throws {
        // Ridge(alpha = n wd / 2) on the standardised target.
        let trainer = try Samples.trainer(.regressor, Samples.exact.merging(["wd": "0.3"]) { $1 })
        trainer.finish()
        Self.expectClose(
            trainer.currentModel().weights.map(Double.init),
            [0.19081809280377665, -0.5018903891381057, 0.19041403294522843, 0.12729681218681085, -0.6290408714438067])
    }

    @Test func `l1 gives Lasso's coefficients, zeros included`() throws {
        // Lasso(alpha = l1 / 2) on the standardised target.
        let trainer = try Samples.trainer(.regressor, Samples.exact.merging(["l1": "0.4"]) { $1 })
        trainer.finish()
        let weights = trainer.currentModel().weights
        Self.expectClose(
            weights.map(Double.init), [0.017038446934127188, -0.37752186219669864, 0.022459098123253463, 0.0, -0.534210029372752])
        #expect(weights[3] == 0)
    }

    @Test func `logistic loss gives LogisticRegression's coefficients`() throws {
        // LogisticRegression(C = 1 / (n wd)), wd = 0.05.
        let trainer = try Samples.trainer(.binaryClassifier, Samples.exact.merging(["wd": "0.05"]) { $1 })
        trainer.finish()
        let model = trainer.currentModel()
        Self.expectClose(model.biases.map(Double.init), [0.02940335965829789])
        Self.expectClose(
            model.weights.map(Double.init),
            [0.36373603005302957, -1.053969359799802, 0.49860123630518893, 0.4158908669129228, -1.4990217897207831])
    }

    @Test func `softmax loss gives multinomial LogisticRegression's coefficients`() throws {
        let trainer = try Samples.trainer(.multiclassClassifier, Samples.exact.merging(["wd": "0.05"]) { $1 })
        trainer.finish()
        let model = trainer.currentModel()
        Self.expectClose(
            model.weights.map(Double.init),
            [
                -0.28126414989499626, 0.7915498563339698, -0.3547342393160573, -0.22623111532447088, 1.0083268390197588,
                -0.04226164442021999, -0.011550651561153029, -0.018423960355970347, 0.05280111157731796, -0.032366911062374604,
                0.3235257943152161, -0.7799992047728166, 0.3731581996720278, 0.17343000374715295, -0.9759599279573845,
            ])
        Self.expectClose(
            model.biases.map(Double.init), [-0.11643358629937413, 0.3216175202939236, -0.2051839339945492])
        let probabilities = try model.predictProbabilities(Samples.features)
        Self.expectClose(
            probabilities.row(0).map(Double.init), [0.12684130519148912, 0.4361408021226403, 0.4370178926858705])
    }

    @Test(arguments: LearningTask.allCases)
    func `with nothing but defaults training comes close to the optimum`(task: LearningTask) throws {
        // The two classes can be told apart perfectly, so without a penalty there is no optimum to come close to.
        let penalty = ["wd": task == .binaryClassifier ? "0.01" : "0"]
        let quick = try Samples.trainer(task, penalty), best = try Samples.trainer(task, Samples.exact.merging(penalty) { $1 })
        quick.finish()
        best.finish()
        #expect(quick.value("train:loss") < best.value("train:loss") * 1.03)
    }
}
