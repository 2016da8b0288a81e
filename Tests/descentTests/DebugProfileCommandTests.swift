import JSON
import TemporaryFolders
import Testing

/// `descent debug profile`, from what was recorded to what is read.
@Suite struct DebugProfileCommandTests {
    @Test func whereTheTimeWentIsToldAsTextAsJSONAndAsAPage() throws {
        let scratch = try TemporaryFolder(), workspace = scratch.path + "/workspace"
        let trained = try Program.run([
            "train", Program.sample("insurance"), "--target", "charges", "--algorithm", "neural-network", "--set", "epochs=20",
            "--name", "mlp <b>", "--workspace", workspace, "--quiet",
        ])
        try #require(trained.code == 0, "\(trained.errors)")
        let told = try Program.run(["debug", "profile", "mlp <b>", "--json", "--slices", "--workspace", workspace]).json()
        let profile = try #require(told.last)
        #expect(profile["kind"]?.string == "profile" && told.dropLast().allSatisfy { $0["kind"]?.string == "profileRecorded" })
        let seconds = try #require(profile["seconds"]?.double)
        let spent = try #require(profile["spent"]?.members).compactMap(\.value.double).reduce(0, +)
        #expect(abs(spent - seconds) < 0.02 * seconds, "\(spent) of \(seconds)")
        #expect(profile["steps"]?.integer ?? 0 > 20 && profile["stepMilliseconds"]?["p50"]?.double ?? 0 > 0)
        #expect(profile["rules"]?.array?.contains { $0["name"]?.string == "Dataloader" } == true)
        let text = try Program.run(["debug", "profile", "mlp <b>", "--workspace", workspace]).output
        #expect(
            text.contains("starting") && text.contains("update") && text.contains("median") && text.contains("memory"), "\(text)")
        let page = scratch.path + "/p.html"
        #expect(try Program.run(["debug", "profile", "mlp <b>", "--html", page, "--workspace", workspace]).code == 0)
        let html = try scratch.read("p.html")
        #expect(html.contains("<svg") && html.contains("mlp &lt;b&gt;") && !html.contains("mlp <b>"))
        // Self-contained: nothing is loaded.
        for word in ["http://", "https://", "<script", "src=", "@import", "<link"] { #expect(!html.contains(word), "\(word)") }
    }

    @Test func aRunWithoutAProfileSaysSo() throws {
        let scratch = try TemporaryFolder(), workspace = scratch.path + "/workspace"
        let missing = try Program.run(["debug", "profile", "nobody", "--workspace", workspace])
        #expect(missing.code != 0 && !missing.errors.isEmpty)
    }
}
