import Files
import JSON
import RequestSigning
import Testing

/// Against Amazon's published test suite (the signatures that its documentation prints) and against botocore's signer, whose signatures
/// `Files/make_vectors.py` wrote.
@Suite struct AWSRequestSignerTests {
    private static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")

    private static func authorization(_ request: AWSRequestSigner.Request, service: String, token: String? = nil) -> String? {
        let credentials = AWSCredentials(
            accessKeyID: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", sessionToken: token)
        let signer = AWSRequestSigner(credentials, region: "us-east-1", service: service)
        return signer.headers(of: request, at: "20150830T123600Z").first { $0.name == "authorization" }?.value
    }

    @Test func signaturesAreThoseOfTheVectors() throws {
        let path = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/Files/vectors.json"
        let bytes = try #require(try AtomicFile.read(path))
        let vectors = try JSONValue(parsing: String(decoding: bytes, as: UTF8.self))["vectors"]?.array ?? []
        #expect(vectors.count == 19)
        for vector in vectors {
            var request = AWSRequestSigner.Request(
                method: try #require(vector["method"]?.string), host: "example.amazonaws.com",
                path: try #require(vector["path"]?.string))
            request.query = vector["query"]?.array?.map { ($0.array?[0].string ?? "", $0.array?[1].string ?? "") } ?? []
            request.headers = vector["headers"]?.members?.map { ($0.name, $0.value.string ?? "") } ?? []
            request.body = Array((vector["body"]?.string ?? "").utf8)
            let signed = Self.authorization(
                request, service: try #require(vector["service"]?.string), token: vector["token"]?.string)
            #expect(signed == vector["authorization"]?.string, "\(vector["name"]?.string ?? "")")
        }
    }

    @Test func aSecretIsNotPrinted() {
        var printed = "\(Self.credentials)"
        dump(Self.credentials, to: &printed)
        debugPrint(Self.credentials, to: &printed)
        #expect(!printed.contains("wJalr") && printed.contains("MPLE"))
    }
}
