import Hyperparameters
import Testing

struct HyperparameterTests {
    private func values(_ domain: Hyperparameter.Domain) -> (short: String, long: String) {
        let hyperparameter = Hyperparameter("a", domain, default: "1", "What it does.")
        return (hyperparameter.validValues, hyperparameter.validValuesInWords)
    }

    @Test func aDomainIsSaidInSignsAndInWords() {
        #expect(values(.positive) == ("a number > 0", "a number over 0"))
        #expect(values(.fraction) == ("a number in [0, 1)", "a number of at least 0 and below 1"))
        #expect(values(.factor) == ("a number in (0, 1]", "a number over 0 and at most 1"))
        #expect(values(.anyNumber) == ("a number", "a number"))
        #expect(values(.integer(minimum: 1, maximum: .max)) == ("an integer >= 1", "a whole number of at least 1"))
        #expect(values(.integer(minimum: 1, maximum: 9)) == ("an integer in 1...9", "a whole number from 1 to 9"))
        #expect(values(.choice(["a", "b"])) == ("one of a, b", "a, b"))
    }

    @Test func wordsAreValidBesideTheDomainsValuesAndAutoIsTheFirst() {
        let setting = Hyperparameter("a", .positive, allowsAuto: true, words: ["balanced"], default: "auto", "What it does.")
        #expect(setting.allowsAuto && setting.words == ["auto", "balanced"])
        #expect(setting.validValues == "auto or balanced or a number > 0")
        #expect(setting.accepts("auto") && setting.accepts("balanced") && setting.accepts("0.5"))
        #expect(!setting.accepts("0") && !setting.accepts("inf") && !setting.accepts("none"))
    }

    @Test func choicesAreThereWhereThereAreFew() {
        #expect(Hyperparameter("a", .boolean, words: ["auto"], default: "true", "").choices == ["auto", "true", "false"])
        #expect(Hyperparameter("a", .choice(["b", "auto"]), words: ["auto"], default: "b", "").choices == ["b", "auto"])
        #expect(Hyperparameter("a", .positive, words: ["auto"], default: "1", "").choices.isEmpty)
    }

    @Test(arguments: [("28x28x1", true), ("8x8", true), ("none", true), ("8by8", false), ("8x0", false), ("8", false)])
    func anImagesShapeIsTwoOrThreeSizes(text: String, isValid: Bool) {
        #expect(Hyperparameter("image_shape", .imageShape, default: "none", "").accepts(text) == isValid)
    }
}
