namespace TorchSharp;

public static partial class torch
{
    public static partial class optim
    {
        /// <summary>Schedules of the learning rate. Each takes its first step when it is made.</summary>
        public static partial class lr_scheduler
        {
            /// <summary>Sets the learning rates of an optimizer's groups, step by step.</summary>
            public abstract class LRScheduler
            {
                /// <summary>How many steps were taken, the first one included.</summary>
                protected int _step_count;

                private protected readonly Optimizer optimizer;
                private protected readonly List<double> baseRates;
                private protected int epoch;
                private readonly bool verbose;
                private List<double> lastRates;

                /// <summary>A schedule over all groups of an optimizer.</summary>
                protected LRScheduler(Optimizer optimizer, int last_epoch = -1, bool verbose = false)
                {
                    ArgumentNullException.ThrowIfNull(optimizer);
                    this.optimizer = optimizer;
                    this.verbose = verbose;
                    epoch = last_epoch;
                    baseRates = optimizer.ParamGroups.Select(g => g.InitialLearningRate).ToList();
                    lastRates = optimizer.ParamGroups.Select(g => g.LearningRate).ToList();
                }

                /// <summary>The learning rates that were set last.</summary>
                public IEnumerable<double> get_last_lr() => lastRates;

                /// <summary>Goes on by one step.</summary>
                public virtual void step() => step(null);

                /// <summary>Goes on by one step, or to a step.</summary>
                public virtual void step(int? epoch)
                {
                    _step_count += 1;
                    this.epoch = epoch ?? this.epoch + 1;
                    var rates = (epoch.HasValue ? get_closed_form_lr() : get_lr()).ToList();
                    var groups = optimizer.ParamGroups.ToList();
                    for (var i = 0; i < baseRates.Count; i++)
                    {
                        groups[i].LearningRate = rates[i];
                        if (verbose && lastRates[i] != rates[i])
                        {
                            Console.WriteLine($"Adjusting learning rate to {rates[i]}");
                        }
                    }

                    lastRates = rates;
                }

                /// <summary>Goes on by one step; the figure does not matter here.</summary>
                public virtual void step(double current, int? epoch = null) => step(epoch);

                /// <summary>The rates of the next step from those of the last.</summary>
                protected virtual IEnumerable<double> get_lr() => optimizer.ParamGroups.Select(g => g.LearningRate);

                /// <summary>The rates of a step from its number alone.</summary>
                protected virtual IEnumerable<double> get_closed_form_lr() => get_lr();

                private protected IEnumerable<double> Scaled(double factor) => optimizer.ParamGroups.Select(g => g.LearningRate * factor);
            }
        }
    }
}
