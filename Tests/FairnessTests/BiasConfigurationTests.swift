import Fairness
import Testing

@Suite("Clarify's configurations of biases")
struct BiasConfigurationTests {
    @Test("columns are named by their place, among the configuration's names or else the data's")
    func places() throws {
        let body = "\"label_values_or_threshold\": [1], \"facet\": [{\"name_or_index\": 0}]"
        let named = try BiasConfiguration("{\"headers\": [\"sex\", \"y\"], \"label\": 1, \(body)}", columns: ["a", "b"])
        #expect(named.label == "y" && named.facets.first?.column == "sex" && named.positives == ["1"])
        #expect(try BiasConfiguration("{\"label\": 1, \(body)}", columns: ["a", "b"]).label == "b")
    }

    @Test("what is missing, and metrics that are none, are named")
    func refusals() {
        for (text, said) in [
            ("{}", "label is missing"), ("{\"label\": \"y\"}", "label_values_or_threshold"), ("[", "no JSON"),
            ("{\"label\": \"y\", \"label_values_or_threshold\": [1]}", "facet is missing"),
            ("{\"label\": 2}", "there is no column 2: there are 2, counted from 0"),
            ("{\"label\": \(Int.max)}", "there is no column \(Int.max)"),
            ("{\"label\": -1}", "there is no column -1"),
            (
                "{\"label\": \"y\", \"label_values_or_threshold\": [1], \"facet\": {\"name_or_index\": \"a\"}, "
                    + "\"methods\": {\"pre_training_bias\": {\"methods\": [\"XY\"]}}}", "'XY'"
            ),
        ] {
            do throws(FairnessError) {
                _ = try BiasConfiguration(text, columns: ["a", "b"])
                Issue.record("\(text) was taken")
            } catch { #expect(error.message.contains(said), "\(error.message)") }
        }
    }
}
