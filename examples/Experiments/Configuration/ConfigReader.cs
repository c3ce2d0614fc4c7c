using System.Text.Json;
using CoMiGS.Demo;
using CoMiGS.Demo.CommandLine;
using CoMiGS.Demo.Training;

namespace CoMiGS.Experiments.Configuration;

/// <summary>Reads a configuration file. Everything that is wrong with it is said at once.</summary>
public static class ConfigReader
{
    private const int Most = 100_000;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads and checks a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="dataRoot">What relative folders and files of text are relative to.</param>
    /// <exception cref="DemoException">It is missing, is no JSON, or holds mistakes; all of them are listed.</exception>
    public static Experiment Read(string path, string dataRoot)
    {
        if (string.IsNullOrWhiteSpace(dataRoot))
        {
            throw new DemoException("--data is empty. Name the folder that folders in the configuration are relative to, or leave it out.");
        }

        if (!File.Exists(path))
        {
            throw new DemoException($"--config: there is no file {path}.");
        }

        return Parse(File.ReadAllText(path), Path.GetFileName(path), dataRoot);
    }

    /// <summary>Checks the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="file">The file's name, for messages.</param>
    /// <param name="dataRoot">What relative folders and files of text are relative to.</param>
    /// <exception cref="DemoException">It is no JSON, or holds mistakes; all of them are listed.</exception>
    public static Experiment Parse(string json, string file, string dataRoot)
    {
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            List<string> mistakes = [];
            var experiment = Read(new JsonFields(document.RootElement, "", mistakes), dataRoot);
            return mistakes.Count == 0
                ? experiment
                : throw new DemoException($"{file} has {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}:{string.Concat(mistakes.Select(mistake => $"{Environment.NewLine}  {mistake}"))}");
        }
        catch (JsonException broken)
        {
            throw new DemoException($"{file} is not JSON: {broken.Message}", broken);
        }
    }

    private static Experiment Read(JsonFields fields, string dataRoot)
    {
        var title = fields.Text("title") ?? "Experiment";
        var data = fields.List("data").Select(entry => DataOf(new JsonFields(entry.Item, entry.Path, fields.Mistakes), dataRoot)).ToList();
        var methods = fields.List("methods").Select(entry => MethodReader.Read(entry.Item, entry.Path, fields.Mistakes)).ToList();
        var reference = fields.Text("reference") ?? MethodPresets.All[MethodPresets.CoMiGS].Name;
        var seeds = fields.Wholes("seeds", 0, int.MaxValue, "seed") ?? [1, 2, 3];
        Distinct(fields, "methods", methods.Select(method => method.Name));
        Distinct(fields, "data", data.Select(set => set.Name));
        Distinct(fields, "seeds", seeds.Select(seed => $"{seed}"));
        if (methods.Count > 0 && methods.All(method => method.Name != reference))
        {
            fields.Mistakes.Add($"reference is \"{reference}\", but no method has that name. Use one of: {string.Join(", ", methods.Select(method => method.Name))}.");
        }

        var budget = Section(fields, "budget") is { } budgetFields ? BudgetOf(budgetFields) : new BudgetSpec();
        var (settings, text) = Section(fields, "base") is { } baseFields ? BaseOf(baseFields, dataRoot) : (new BaseModelSettings(), null);
        fields.RefuseOthers();
        return new Experiment(title, data, methods, reference, seeds, budget, settings, text);
    }

    private static JsonFields? Section(JsonFields fields, string name) => fields.Find(name) is { } section ? new JsonFields(section, name, fields.Mistakes) : null;

    private static DataSpec DataOf(JsonFields fields, string dataRoot)
    {
        var folder = fields.Text("folder");
        var scenario = fields.Choice("sdk", (Scenario?)null, new Dictionary<string, Scenario?>(StringComparer.Ordinal) { ["colleagues"] = Scenario.Colleagues, ["languages"] = Scenario.Languages });
        if (folder is null == scenario is null)
        {
            fields.Mistakes.Add($"{fields.PathOf("folder")} and {fields.PathOf("sdk")} are {(folder is null ? "both missing" : "both there")}. Name a folder with user*/train.txt, valid.txt and test.txt, or messages of the SDK: colleagues, languages.");
        }

        var spec = new DataSpec(
            fields.Text("name") ?? (folder is null ? $"{scenario}" : Path.GetFileName(Path.TrimEndingDirectorySeparator(folder))),
            folder is null ? null : Path.GetFullPath(folder, Path.GetFullPath(dataRoot)),
            scenario ?? default,
            fields.Wholes("train_kb", 1, Most),
            fields.MaybeWhole("test_kb", 1, Most),
            fields.Flag("mixed", false),
            fields.MaybeWhole("rounds", 1, Most, "num_rounds"));
        fields.RefuseOthers();
        return spec;
    }

    private static BudgetSpec BudgetOf(JsonFields fields)
    {
        var absent = new BudgetSpec();
        var budget = new BudgetSpec
        {
            Rounds = fields.Whole("rounds", absent.Rounds, 1, Most, "num_rounds"),
            LocalSteps = fields.Whole("local_steps", absent.LocalSteps, 1, Most),
            BatchSize = fields.Whole("batch_size", absent.BatchSize, 1, Most),
            LearningRate = fields.Real("learning_rate", absent.LearningRate, 1e-9, 10, "lr"),
            WeightDecay = fields.Real("weight_decay", absent.WeightDecay, 0, 10),
            RouterEvery = fields.Whole("router_every", absent.RouterEvery, 1, Most),
            RouterSteps = fields.Whole("router_steps", absent.RouterSteps, 0, Most),
        };
        fields.RefuseOthers();
        return budget;
    }

    private static (BaseModelSettings Settings, string? Text) BaseOf(JsonFields fields, string dataRoot)
    {
        var absent = new BaseModelSettings();
        var text = fields.Text("text");
        var settings = absent with
        {
            Layers = fields.Whole("layers", absent.Layers, 1, 256, "n_layer"),
            Width = fields.Whole("width", absent.Width, 1, 65_536, "n_embd"),
            Heads = fields.Whole("heads", absent.Heads, 1, 1024, "n_head"),
            Window = fields.Whole("window", absent.Window, 2, 65_536, "block_size"),
            Steps = fields.Whole("steps", absent.Steps, 1, 10_000_000),
            BatchSize = fields.Whole("batch_size", absent.BatchSize, 1, Most),
            LearningRate = fields.Real("learning_rate", absent.LearningRate, 1e-9, 10, "lr"),
            WarmUpSteps = fields.Whole("warm_up_steps", absent.WarmUpSteps, 0, Most),
            Seed = fields.Whole("seed", (int)absent.Seed, 0, int.MaxValue),
        };
        if (settings.Width % settings.Heads != 0)
        {
            fields.Mistakes.Add($"base.width is {settings.Width}, but base.heads is {settings.Heads}. The width must be a multiple of the heads.");
        }

        fields.RefuseOthers();
        return (settings, text is null ? null : Path.GetFullPath(text, Path.GetFullPath(dataRoot)));
    }

    private static void Distinct(JsonFields fields, string what, IEnumerable<string> names)
    {
        foreach (var name in names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key))
        {
            fields.Mistakes.Add($"{what} holds \"{name}\" more than once. Give every entry a name of its own.");
        }
    }
}
