using CoMiGS.Data;
using CoMiGS.Demo.Events;
using CoMiGS.Models;

namespace CoMiGS.Demo.Training;

/// <summary>Hands out the base model: from the cache if an earlier run trained it, freshly trained otherwise.</summary>
internal sealed class BaseModelSource(BaseModelCache cache, TimeProvider time)
{
    public Gpt Get(BaseModelSettings settings, string text, IProgress<DemoEvent> progress, CancellationToken cancellation)
    {
        var key = settings.KeyFor(text);
        var model = settings.Create();
        var (loaded, problem) = cache.TryLoad(model, key);
        if (loaded)
        {
            progress.Report(new BaseModelReady(settings.Description, FromCache: true, Note: null));
            return model;
        }

        // A damaged file may have filled some of the weights already.
        model.Dispose();
        model = settings.Create();
        BaseModelTrainer.Train(model, settings, TextBytes.From(text, "base text"), time, progress, cancellation);
        var notSaved = cache.TrySave(model, key);
        progress.Report(new BaseModelReady(settings.Description, FromCache: false, problem ?? notSaved));
        return model;
    }
}
