using System.Runtime.CompilerServices;
using CoMiGS.Layers;
using CoMiGS.Validation;

namespace CoMiGS.Models.Generation;

/// <summary>
/// Continues texts, given as token ids, with a language model. A text may grow beyond the model's block: whenever the block is full, the model forgets the older half of
/// what it sees and reads the rest again.
/// </summary>
/// <remarks>
/// The model evaluates (no dropout, no gradients) while texts are generated, and afterwards trains again if it did before. Several threads may generate with one model at
/// once, except where one of them traces the routing; but do not train the model meanwhile.
/// </remarks>
public sealed class TokenGenerator
{
    private readonly LanguageModel _model;
    private readonly MoeModel? _experts;

    /// <summary>A generator of <paramref name="model"/>, with or without experts in it.</summary>
    /// <param name="model">The model; it stays the caller's.</param>
    public TokenGenerator(LanguageModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
    }

    /// <summary>A generator that can also trace what the routers decide.</summary>
    /// <param name="model">A language model with experts; it stays the caller's.</param>
    /// <exception cref="ArgumentException">The model inside is no <see cref="LanguageModel"/>.</exception>
    public TokenGenerator(MoeModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        _experts = model;
        _model = model.Model as LanguageModel
            ?? throw new ArgumentException($"{model.Model.GetType().Name} has experts, but is no LanguageModel, so it cannot generate. Derive it from LanguageModel.", nameof(model));
    }

    /// <summary>Continues one text.</summary>
    /// <param name="prompt">1 to block size ids.</param>
    /// <param name="options">Default: greedy, 128 tokens.</param>
    /// <param name="cancellationToken">Looked at before every token.</param>
    /// <exception cref="ArgumentException">Options or prompt break a rule; the message lists all of them.</exception>
    /// <exception cref="InvalidOperationException">Logits are not numbers, or another generation is under way while one of the two traces the routing.</exception>
    public Continuation Generate(IReadOnlyList<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Generate([prompt], options, cancellationToken)[0];

    /// <summary>Continues several texts at once; each as if it were alone.</summary>
    /// <param name="prompts">At least one prompt, each of 1 to block size ids.</param>
    /// <param name="options">Default: greedy, 128 tokens.</param>
    /// <param name="cancellationToken">Looked at before every token.</param>
    /// <returns>One continuation for each prompt.</returns>
    /// <exception cref="ArgumentException">Options or prompts break a rule; the message lists all of them.</exception>
    /// <exception cref="InvalidOperationException">Logits are not numbers, or another generation is under way while one of the two traces the routing.</exception>
    public IReadOnlyList<Continuation> Generate(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = Checked(prompts, options);
        using var request = _experts?.Serve(); // one set of experts from the first token to the last
        using var run = new GenerationRun(_model, _experts, prompts, settings);
        while (!run.IsFinished)
        {
            cancellationToken.ThrowIfCancellationRequested();
            run.Step();
        }

        return run.Results();
    }

    /// <summary>Continues one text and hands out every token as soon as it is chosen. The model works on threads of the pool.</summary>
    /// <inheritdoc cref="Stream(IReadOnlyList{IReadOnlyList{int}}, GenerationOptions, CancellationToken)"/>
    /// <param name="prompt">1 to block size ids.</param>
    /// <param name="options">Default: greedy, 128 tokens.</param>
    /// <param name="cancellationToken">Looked at before every token.</param>
    public IAsyncEnumerable<GeneratedToken> Stream(IReadOnlyList<int> prompt, GenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        Stream([prompt], options, cancellationToken);

    /// <summary>Continues several texts at once and hands out every token as soon as it is chosen, row by row. The model works on threads of the pool.</summary>
    /// <param name="prompts">At least one prompt, each of 1 to block size ids.</param>
    /// <param name="options">Default: greedy, 128 tokens. <see cref="GenerationOptions.TraceRouting"/> is refused: a stream has no end to hand the trace out at.</param>
    /// <param name="cancellationToken">Looked at before every token.</param>
    /// <returns>The tokens; nothing runs before they are enumerated, and leaving the enumeration ends the generation.</returns>
    /// <exception cref="ArgumentException">Options or prompts break a rule; the message lists all of them.</exception>
    public IAsyncEnumerable<GeneratedToken> Stream(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        var settings = Checked(prompts, options);
        return settings.TraceRouting
            ? throw new ArgumentException("TraceRouting is on, but a stream hands out tokens only. Use Generate, or turn it off.", nameof(options))
            : Steps(prompts, settings, cancellationToken);
    }

    private async IAsyncEnumerable<GeneratedToken> Steps(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var request = _experts is null ? null : await _experts.ServeAsync(cancellationToken).ConfigureAwait(false);
        using var run = new GenerationRun(_model, _experts, prompts, options);
        while (!run.IsFinished)
        {
            // A step runs on one thread from its start to its end: gradient mode and dispose scopes are the thread's.
            foreach (var token in await Task.Run(run.Step, cancellationToken).ConfigureAwait(false))
            {
                yield return token;
            }
        }
    }

    private GenerationOptions Checked(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions? options)
    {
        ArgumentNullException.ThrowIfNull(prompts);
        options ??= new GenerationOptions();
        string[] violations = [.. OptionsCheck.Violations(options), .. Violations(prompts, options)];
        return violations.Length == 0
            ? options
            : throw new ArgumentException($"Nothing can be generated:{Environment.NewLine}- {string.Join($"{Environment.NewLine}- ", violations)}", nameof(prompts));
    }

    private IEnumerable<string> Violations(IReadOnlyList<IReadOnlyList<int>> prompts, GenerationOptions options)
    {
        var name = _model.GetType().Name;
        if (options.TraceRouting && _experts is null)
        {
            yield return "TraceRouting is on, but this generator was made without experts. Make it from the MoeModel that AddExperts returned.";
        }

        if (prompts.Count == 0)
        {
            yield return "There is no prompt. Give at least one.";
        }

        foreach (var id in (options.StopTokens ?? []).Where(IsForeign))
        {
            yield return $"The stop token {id} is none of the {_model.VocabularySize} tokens of {name}. Use ids from 0 to {_model.VocabularySize - 1}.";
        }

        for (var b = 0; b < prompts.Count; b++)
        {
            if (prompts[b].Count == 0)
            {
                yield return $"Prompt {b} is empty. Give at least one token to continue.";
            }

            if (prompts[b].Count > _model.BlockSize)
            {
                yield return $"Prompt {b} has {prompts[b].Count} tokens, but {name} reads at most {_model.BlockSize}. Shorten it, for example to its end.";
            }

            foreach (var id in prompts[b].Where(IsForeign).Take(1))
            {
                yield return $"Prompt {b} has the token {id}, which is none of the {_model.VocabularySize} tokens of {name}. Use ids from 0 to {_model.VocabularySize - 1}, and the tokenizer of this model.";
            }
        }
    }

    private bool IsForeign(int id) => id < 0 || id >= _model.VocabularySize;
}
