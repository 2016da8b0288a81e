import Events
import Glibc
import JSON

/// What a script finds in its environment: SageMaker's script mode, and Descent's own (docs/script-messages.md).
///
/// - Source: aws/sagemaker-training-toolkit, ENVIRONMENT_VARIABLES.md and environment.py.
struct ScriptEnvironment {
    var run: RunID
    var name: String
    var folders: ScriptFolders
    var messages: ScriptMessages
    /// By name, the folder of each.
    var channels: [String: String]
    var hyperparameters: [String: String]
    var arguments: [String]
    var script: String
    var processorCount: Int
    var acceleratorCount: Int
    /// What is to be gone on from.
    var checkpoint: (path: String, step: Int)?
    /// What was set while an earlier attempt ran.
    var steered: [String: String]
    /// What is to hold from here on, whatever the checkpoint has.
    var given: [String: String]
    /// Which tensors are to be summed up; nil = as the script says.
    var tensors: String?
    /// Where whole tensors go, and which are wanted.
    var wholeTensors: String?
    /// Whether the training of a script that knows nothing of Descent is watched.
    var isWatched = true
    /// The folder of Descent's Python package.
    var pythonFolder: String?

    /// Descent's own program and the workspace, for commands that scripts give.
    var program: String?, workspace: String?

    func variables(_ inherited: [String: String]) -> [String: String] {
        var variables = inherited.filter { !$0.key.hasPrefix("SM_") && !$0.key.hasPrefix("DESCENT_") }
        let channelNames = JSONValue.array(channels.keys.sorted().map { .string($0) }).text
        variables.merge([
            "SM_MODEL_DIR": folders.model, "SM_OUTPUT_DIR": folders.output, "SM_OUTPUT_DATA_DIR": folders.outputData,
            "SM_OUTPUT_INTERMEDIATE_DIR": folders.output + "/intermediate", "SM_CHECKPOINT_DIR": folders.checkpoints,
            "SM_INPUT_DIR": folders.input, "SM_INPUT_CONFIG_DIR": folders.configuration,
            "SM_INPUT_DATA_DIR": folders.input + "/data", "SM_CHANNELS": channelNames,
            "SM_HPS": ScriptArguments.json(hyperparameters),
            "SM_USER_ARGS": JSONValue.array(arguments.map { .string($0) }).text,
            "SM_NUM_CPUS": String(processorCount), "SM_NUM_GPUS": String(acceleratorCount), "SM_NUM_NEURONS": "0",
            "SM_HOSTS": #"["algo-1"]"#, "SM_CURRENT_HOST": "algo-1", "SM_CURRENT_INSTANCE_TYPE": "local",
            "SM_CURRENT_INSTANCE_GROUP": "homogeneousCluster", "SM_NETWORK_INTERFACE_NAME": "lo", "SM_LOG_LEVEL": "20",
            "SM_MODULE_NAME": script, "SM_USER_ENTRY_POINT": script, "SM_FRAMEWORK_MODULE": "", "SM_FRAMEWORK_PARAMS": "{}",
            "SM_OUTPUT_FAILURE": folders.failure,
            "TRAINING_JOB_NAME": name, "SAGEMAKER_JOB_NAME": name, "CURRENT_HOST": "algo-1", "SAGEMAKER_BASE_DIR": folders.root,
            // So that what is printed is seen when it is.
            "PYTHONUNBUFFERED": "1",
            "DESCENT_RUN": run.text, "DESCENT_RUN_NAME": name, "DESCENT_MESSAGES": messages.folder,
            "DESCENT_COMMANDS": messages.commands,
        ]) { $1 }
        for (name, folder) in channels { variables["SM_CHANNEL_" + name.uppercased()] = folder }
        for (name, text) in hyperparameters { variables["SM_HP_" + name.uppercased()] = ScriptArguments.variable(text) }
        // A shell can expand a name with underscores only.
        for (name, text) in hyperparameters where name.contains("-") {
            variables["SM_HP_" + name.uppercased().replacing("-", with: "_")] = ScriptArguments.variable(text)
        }
        if let checkpoint {
            variables["DESCENT_CHECKPOINT"] = checkpoint.path
            variables["DESCENT_STEP"] = String(checkpoint.step)
        }
        if let program { variables["DESCENT_BINARY"] = program }
        if let workspace { variables["DESCENT_WORKSPACE"] = workspace }
        if !steered.isEmpty { variables["DESCENT_STEERED"] = JSONValue(steered).text }
        if let tensors { variables["DESCENT_TENSORS"] = tensors }
        if let wholeTensors { variables["DESCENT_WHOLE_TENSORS"] = wholeTensors }
        if !given.isEmpty { variables["DESCENT_SET"] = JSONValue(given).text }
        if let pythonFolder {
            // Before all others, what Python runs when it starts: it has the training of PyTorch watched.
            let start = isWatched ? pythonFolder + "/descent/_startup" : nil
            variables["PYTHONPATH"] = [start, pythonFolder, inherited["PYTHONPATH"]].compactMap { $0 }.filter { !$0.isEmpty }
                .joined(separator: ":")
        }
        return variables
    }

    /// Writes the three files that a SageMaker container finds.
    func writeConfiguration() throws(ScriptError) {
        let texts = JSONValue(hyperparameters)
        let inputs = JSONValue.object(
            channels.keys.sorted().map {
                .init(
                    $0,
                    .object([
                        "TrainingInputMode": .string("File"), "S3DistributionType": .string("FullyReplicated"),
                        "RecordWrapperType": .string("None"),
                    ]))
            })
        let resources = JSONValue.object([
            "current_host": .string("algo-1"), "hosts": .array([.string("algo-1")]), "current_instance_type": .string("local"),
            "current_group_name": .string("homogeneousCluster"), "network_interface_name": .string("lo"),
        ])
        for (name, json) in [("hyperparameters", texts), ("inputdataconfig", inputs), ("resourceconfig", resources)] {
            try ScriptFile.write(json.text, to: "\(folders.configuration)/\(name).json")
        }
    }
}
