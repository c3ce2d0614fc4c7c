namespace CoMiGS.DeviceHost;

/// <summary>What the command line asked for.</summary>
public sealed record DeviceSettings
{
    /// <summary>The device's own folder: its token, its training state, what it downloaded, its adapters.</summary>
    /// <value>The default is the current folder.</value>
    public string Folder { get; init; } = ".";

    /// <summary>The coordinator's address.</summary>
    public string Coordinator { get; init; } = "";

    /// <summary>The device's name; the one that its certificate or its code was made for.</summary>
    public string Name { get; init; } = "";

    /// <summary>Who signs the coordinator's certificate, in PEM.</summary>
    /// <value>The default is null, the system's authorities.</value>
    public string? Authority { get; init; }

    /// <summary>The device's certificate, in PEM.</summary>
    /// <value>The default is null: it has a token.</value>
    public string? Certificate { get; init; }

    /// <summary>The private key of <see cref="Certificate"/>, in PEM.</summary>
    /// <value>The default is null.</value>
    public string? Key { get; init; }

    /// <summary>The code to enrol with, the first time.</summary>
    /// <value>The default is null: it has enrolled before.</value>
    public string? Code { get; init; }

    /// <summary>The base model: a checkpoint's folder in Hugging Face's layout, the same on every device.</summary>
    public string Base { get; init; } = "base";

    /// <summary>A folder with <c>train.txt</c> and <c>valid.txt</c>.</summary>
    public string Text { get; init; } = "text";

    /// <summary>The run to take part in.</summary>
    /// <value>The default is <c>run</c>.</value>
    public string Run { get; init; } = "run";

    /// <summary>Specialists beside the one generalist.</summary>
    /// <value>The default is 1.</value>
    public int Specialists { get; init; } = 1;

    /// <summary>Tokens in a window; at most what the model reads.</summary>
    /// <value>The default is 128.</value>
    public int Window { get; init; } = 128;

    /// <summary>After how many steps the training state is saved: what a crash may cost.</summary>
    /// <value>The default is 10.</value>
    public int SaveEvery { get; init; } = 10;

    /// <summary>Whether the coordinator hears of the loss on the validation text, and of the generalists' share in each layer.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool ReportHeldOut { get; init; }

    /// <summary>What all random numbers start from, together with the name.</summary>
    /// <value>The default is 42.</value>
    public int Seed { get; init; } = 42;

    /// <summary>Processor cores to use. Another number may change the last bits.</summary>
    /// <value>The default is 1.</value>
    public int Threads { get; init; } = 1;

    /// <summary>The path of one of the device's own files.</summary>
    public string PathOf(string name) => Path.Combine(Path.GetFullPath(Folder), name);
}
