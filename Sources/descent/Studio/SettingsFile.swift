import Databases
import Experiments
import Files
import OutputFiles
import Studio

/// The user's settings file.
enum SettingsFile {
    static func read(_ environment: [String: String]) -> (settings: Settings, messages: [String]) {
        guard let folder = ConfigurationFolder.path(environment), let text = FileContents.text(folder + "/settings") else {
            return (Settings(), [])
        }
        return Settings.parse(text)
    }

    /// Writes the settings; returns what went wrong, if anything.
    static func write(_ settings: Settings, _ environment: [String: String]) -> String? {
        guard let folder = ConfigurationFolder.path(environment) else { return "HOME is not set: the settings are not kept" }
        do throws(StoreError) { try Workspace.makeFolder(folder) } catch { return error.description }
        do throws(OutputError) { try OutputFile.write(settings.text, to: folder + "/settings") } catch {
            return "the settings are not kept: \(error)"
        }
        return nil
    }
}
