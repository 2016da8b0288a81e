import Testing

@testable import Remotes

/// How a user names a place, and the command that leads there.
@Suite struct PlaceAddressTests {
    private func words(_ text: String, asks: Bool = true) throws -> [String] {
        try PlaceAddress(text).command(descent: "descent", own: "/bin/descent", asks: asks)
    }

    @Test func sshGetsTheHostAndAQuotedCommand() throws {
        let plain = try words("ssh://gpu1")
        #expect(plain.first == "ssh" && plain.suffix(3) == ["--", "gpu1", "exec 'descent' attach --stdio"])
        #expect(plain.contains("-T") && !plain.contains("BatchMode=yes"))
        #expect(try words("ssh://gpu1", asks: false).contains("BatchMode=yes"))
        let full = try words("ssh://ada@gpu1.example:2222/srv/it's here")
        #expect(full.suffix(2) == ["ada@gpu1.example", #"exec 'descent' attach --stdio --workspace '/srv/it'\''s here'"#])
        #expect(full.contains("2222"))
        #expect(try words("ssh://h/~/ml/x").last?.hasSuffix("--workspace \"$HOME\"/'ml/x'") == true)
        #expect(try words("ssh://h/~").last?.hasSuffix("--stdio") == true)
        #expect(try words("ssh://[fe80::1]:22/x").contains("fe80::1"))
        let other = try PlaceAddress("ssh://h").command(descent: "/opt/a b/descent", own: "", asks: true)
        #expect(other.last == "exec '/opt/a b/descent' attach --stdio")
    }

    @Test(arguments: [
        "ssh://-oProxyCommand=x", "ssh://-l@h", "ssh://a@-h", "ssh://", "ssh://h:0", "ssh://h:x", "ssh://a b", "ssh://$(x)",
        "ssh://h;x", "ssh://a@b@c", "ssh://@h", "ssh://h/a\nb", "exec:", "exec:  ", "", "http://x",
    ])
    func whatCouldBeAnOptionOrACommandIsRefused(text: String) {
        #expect(throws: RemoteError.self) { try PlaceAddress(text) }
    }

    @Test func aPlaceHasAShortName() throws {
        for (text, name) in [
            ("ssh://ada@gpu1.example.org/x", "gpu1"), ("ssh://10.0.0.7", "10.0.0.7"), ("exec:docker exec -i c descent", "docker"),
            ("/srv/ml/.descent", "ml"), ("exec:$(x)", "x-"), (".", "here"),
        ] {
            #expect(try PlaceAddress(text).name == name, "\(text)")
        }
    }

    @Test func aLostPlaceIsTriedLessAndLessOften() {
        var policy = ReconnectPolicy()
        #expect((0..<7).map { _ in policy.wait() } == [1, 2, 4, 8, 16, 30, 30])
        policy.reset()
        #expect(policy.wait() == 1)
    }
}
