import Fairness
import Testing

@Suite("Clarify's configurations of biases")
struct BiasConfigurationTests {
    @Test("columns are named by their place where there are names, and by number where there are none")
    func places() throws {
        let body = "\"label_values_or_threshold\": [1], \"facet\": [{\"name_or_index\": 0}]"
        let named = try BiasConfiguration("{\"headers\": [\"sex\", \"y\"], \"label\": 1, \(body)}")
        #expect(named.label == "y" && named.facets.first?.column == "sex" && named.positives == ["1"])
        #expect(try BiasConfiguration("{\"label\": 1, \(body)}").label == "2")
        // No place that there is, and no reason to end the program.
        #expect(try BiasConfiguration("{\"label\": \(Int.max), \(body)}").label == "\(Int.min)")
    }

    @Test("what is missing, and metrics that are none, are named")
    func refusals() {
        for (text, said) in [
            ("{}", "label is missing"), ("{\"label\": \"y\"}", "label_values_or_threshold"), ("[", "no JSON"),
            ("{\"label\": \"y\", \"label_values_or_threshold\": [1]}", "facet is missing"),
            (
                "{\"label\": \"y\", \"label_values_or_threshold\": [1], \"facet\": {\"name_or_index\": \"a\"}, "
                    + "\"methods\": {\"pre_training_bias\": {\"methods\": [\"XY\"]}}}", "'XY'"
            ),
        ] {
            do throws(FairnessError) {
                _ = try BiasConfiguration(text)
                Issue.record("\(text) was taken")
            } catch { #expect(error.message.contains(said), "\(error.message)") }
        }
    }
}
